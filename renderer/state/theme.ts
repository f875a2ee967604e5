/**
 * Light, dark, or as the system: this desk's taste, kept in the browser's own storage and never synced.
 */

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "switchyard.theme";

export const theme = (): Theme => THEMES.find((name) => name === localStorage.getItem(KEY)) ?? "system";

/** Puts the kept theme on the page; done before anything is drawn. */
export const applyTheme = (name: Theme = theme()): void => {
  if (name === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = name;
};

export const setTheme = (name: Theme): void => {
  localStorage.setItem(KEY, name);
  applyTheme(name);
};
