/**
 * Texts put together of columns: `{Kategorie} {Meldedatum}`. Blanks around an empty value close up; `{{` is a brace.
 */

const PIECE = /\{\{|\}\}|\{([^{}]+)\}/g;

/** The columns that a template names, in its order. */
export const columnsOfTemplate = (template: string): readonly string[] =>
  [...template.matchAll(PIECE)].flatMap(([, name]) => (name === undefined ? [] : [name.trim()]));

/** The template with each column's value in its place. */
export const filledTemplate = (template: string, valueOf: (column: string) => string): string =>
  template
    .replaceAll(PIECE, (piece, name: string | undefined) => (name === undefined ? piece.slice(1) : valueOf(name.trim()).trim()))
    .replaceAll(/[ \t]+/g, " ")
    .trim();
