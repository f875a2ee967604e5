/**
 * "Add a note" puts the caret at the end of the text; only what is then typed begins a line of its own. Looking at a note, or
 * leaving it again, writes nothing.
 */
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

const pending = StateEffect.define<boolean>();

const isPending = StateField.define<boolean>({
  create: () => false,
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(pending)) return effect.value;
    // Moving the caret, or another's writing, ends it: the person then knows where they are.
    return value && !transaction.docChanged && transaction.selection === undefined;
  },
});

const beginLine = EditorView.inputHandler.of((view, from, to, text) => {
  const { doc } = view.state;
  if (!view.state.field(isPending) || from !== to || to !== doc.length || doc.line(doc.lines).length === 0) return false;
  view.dispatch({
    changes: { from, insert: `\n${text}` },
    selection: { anchor: from + 1 + text.length },
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
});

/** Says that the next words begin a line of their own. */
export const beginParagraph = (): StateEffect<boolean> => pending.of(true);

export const paragraphOnType: Extension = [isPending, beginLine];
