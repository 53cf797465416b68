/** The page that works alone, from a file on any computer. */

import "./page.css";
import { mountVerify } from "./page";

mountVerify(document.body, null);
