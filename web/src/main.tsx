import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ClientProvider, createClient, createQueryClient } from "./api/queries";
import { App } from "./App";
import "./design/base.css";
import { ToastProvider } from "./design/Toast";
import { CrashScreen } from "./features/shell/CrashScreen";
import { applyTheme } from "./features/shell/preferences";
import { text } from "./text/en";

applyTheme();
const cache = createQueryClient();
const client = createClient(cache);
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <ClientProvider value={client}>
        <ToastProvider dismissLabel={text.actions.dismiss}>
          <CrashScreen>
            <App />
          </CrashScreen>
        </ToastProvider>
      </ClientProvider>
    </QueryClientProvider>
  </StrictMode>,
);
