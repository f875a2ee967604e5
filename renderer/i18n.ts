/**
 * Every word that a person reads comes from `resources/locales`, bundled; keys are checked by the compiler.
 */
import i18next from "i18next";
import en from "../resources/locales/en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    readonly defaultNS: "translation";
    readonly resources: { readonly translation: typeof en };
  }
}

void i18next.init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  initAsync: false,
});

export const i18n = i18next;

/** For what speaks outside components: toasts, hints, names of commands. */
export const t = i18next.t.bind(i18next);
