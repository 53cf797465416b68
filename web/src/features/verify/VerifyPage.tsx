import "../../verify/page.css";

import { useEffect, useRef, useState } from "react";

import { certificateUrl } from "../../api/client";
import { Card, Page } from "../../design/Page";
import { Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { verifyText } from "../../text/verify";
import { SystemTabs } from "../system/SystemTabs";
import styles from "./Verify.module.css";

/** The verification inside the app, where the recorder's own root is trusted; and the page that does it without us. */
export function VerifyPage() {
  const root = useRootCertificate();
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (container.current === null || root === undefined) return;
    let close = () => undefined as unknown;
    let wanted = true;
    void import("../../verify/page").then(({ mountVerify }) => {
      if (wanted && container.current) close = mountVerify(container.current, root);
    });
    return () => {
      wanted = false;
      close();
    };
  }, [root]);
  return (
    <Page title={verifyText.title}>
      <SystemTabs view="verify" />
      <p className={styles.intro}>{verifyText.intro}</p>
      {root === undefined && <Skeleton label={text.shell.loading} lines={4} />}
      <div ref={container} />
      <Standalone />
    </Page>
  );
}

function Standalone() {
  const digest = useDigest();
  return (
    <Card title={verifyText.alone.title}>
      <p>{verifyText.alone.intro}</p>
      <p>
        <a href="/verify.html" download="tawny-verify.html">
          {verifyText.alone.download}
        </a>
      </p>
      {digest !== "" && (
        <p className={styles.digest}>
          SHA-256: <code>{digest}</code>
        </p>
      )}
    </Card>
  );
}

/** The recorder's root (PEM); null where it could not be had, undefined while it is fetched. */
function useRootCertificate(): string | null | undefined {
  const [root, setRoot] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    void fetched(certificateUrl("root")).then((pem) => setRoot(pem.includes("BEGIN CERTIFICATE") ? pem : null));
  }, []);
  return root;
}

function useDigest(): string {
  const [digest, setDigest] = useState("");
  useEffect(() => {
    void fetched("/verify.html.sha256").then((line) => setDigest(/^[0-9a-f]{64}/.exec(line)?.[0] ?? ""));
  }, []);
  return digest;
}

async function fetched(url: string): Promise<string> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}
