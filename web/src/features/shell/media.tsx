import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

import { socketUrl } from "../../api/client";
import { signedOut } from "../../api/queries";
import { MediaSocket } from "../../player";

const MediaContext = createContext<MediaSocket | null>(null);

/** One media socket a page, for as long as somebody is signed in. Null only before the first effect. */
export function MediaProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [socket, setSocket] = useState<MediaSocket | null>(null);
  useEffect(() => {
    const opened = new MediaSocket(socketUrl("/media", location));
    opened.onSessionEnded = () => signedOut(cache);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- a socket may not be opened while rendering
    setSocket(opened);
    return () => opened.close();
  }, [cache]);
  return <MediaContext value={socket}>{children}</MediaContext>;
}

export function useMediaSocket(): MediaSocket | null {
  return useContext(MediaContext);
}
