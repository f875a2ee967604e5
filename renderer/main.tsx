/**
 * The board's entry: connects to the host, shows the app, loads. Nothing is drawn before the words are there.
 */
import "@fontsource-variable/inter/wght.css";
import "./ui/base.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { z } from "zod";
import { App } from "./App.tsx";
import { i18n } from "./i18n.ts";
import { adviceOf } from "./state/advice.ts";
import { connect } from "./state/connect.ts";
import { desk, start } from "./state/desk.ts";
import { applyTheme } from "./state/theme.ts";

// The page's policy forbids compiled checks; without this zod would try and be refused.
z.config({ jitless: true });

const TOOLTIP_MS = 500;

applyTheme();

const element = document.getElementById("root");
if (element === null) throw new Error("index.html has no #root.");
createRoot(element).render(
  <I18nextProvider i18n={i18n}>
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={TOOLTIP_MS}>
        <App />
      </Tooltip.Provider>
    </CSPProvider>
  </I18nextProvider>,
);

connect()
  .then(start)
  .catch((error: unknown) => desk.set({ failure: adviceOf(error) }));
