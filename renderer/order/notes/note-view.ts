/**
 * The editor of a text: CodeMirror over a Yjs document, in a shadow root, since the page's policy forbids the style tags that it
 * would put into the head (in a shadow root it adopts style sheets instead). Ctrl+Z here is the text's own undo.
 */
import { defaultKeymap } from "@codemirror/commands";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import * as Y from "yjs";
import { noteText } from "../../../shared/crdt/notes/doc.ts";
import { beginParagraph, paragraphOnType } from "./paragraph.ts";

export interface NoteViewOptions {
  readonly root: ShadowRoot;
  readonly label: string;
  readonly placeholder: string;
  readonly readOnly: boolean;
}

export interface NoteView {
  /** Edits this document from now on; place and focus stay where they can. */
  show(doc: Y.Doc): void;
  /** Focus at the end; what is typed next begins a paragraph of its own. */
  append(): void;
  /** Writes what was typed elsewhere behind the text, as a paragraph of its own and with the caret behind it. */
  write(text: string): void;
  focus(): void;
  destroy(): void;
}

const theme = EditorView.theme({
  "&": { fontFamily: "inherit", fontSize: "inherit", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "var(--text-3-line)", overflowX: "hidden" },
  ".cm-content": {
    padding: "var(--space-1) 0",
    caretColor: "var(--ink)",
    minHeight: "calc(2 * var(--text-3-line) + 2 * var(--space-1))",
  },
  ".cm-line": { padding: "0 var(--space-2)" },
  ".cm-placeholder": { color: "var(--text-third)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-content ::selection": { backgroundColor: "var(--selected)" },
});

/** Keys that mean something in the text stay in it; the rest (Ctrl+K and the like) go on to the window. */
const keepKeys = EditorView.domEventHandlers({
  keydown: (event, view) => {
    if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
      view.contentDOM.blur();
      event.preventDefault();
    }
    return event.defaultPrevented;
  },
});

export const createNoteView = ({ root, label, placeholder: hint, readOnly }: NoteViewOptions): NoteView => {
  const parent = root.ownerDocument.createElement("div");
  root.append(parent);
  const stay = (event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.defaultPrevented || (isPlain && !/^F\d+$/.test(event.key))) event.stopPropagation();
  };
  parent.addEventListener("keydown", stay);
  const extensions: readonly Extension[] = [
    keepKeys,
    paragraphOnType,
    keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
    // "\n" alone ends a line: positions are those of the Yjs text.
    EditorState.lineSeparator.of("\n"),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true", spellcheck: "true" }),
    placeholder(hint),
    theme,
  ];
  let view: EditorView | undefined;
  const stateOf = (doc: Y.Doc, anchor: number): EditorState => {
    const text = noteText(doc);
    const content = text.toString();
    return EditorState.create({
      doc: content,
      selection: { anchor: Math.min(anchor, content.length) },
      extensions: [...extensions, yCollab(text, null, { undoManager: new Y.UndoManager(text) })],
    });
  };
  const moveToEnd = (): void => {
    if (view === undefined) return;
    view.focus();
    view.dispatch({ selection: { anchor: view.state.doc.length }, effects: beginParagraph(), scrollIntoView: true });
  };
  return {
    show: (doc) => {
      if (view === undefined) view = new EditorView({ parent, root, state: stateOf(doc, 0) });
      else view.setState(stateOf(doc, view.state.selection.main.head));
    },
    append: moveToEnd,
    write: (text) => {
      if (view === undefined) return;
      const { doc } = view.state;
      const insert = doc.line(doc.lines).length === 0 ? text : `\n${text}`;
      view.dispatch({
        changes: { from: doc.length, insert },
        selection: { anchor: doc.length + insert.length },
        userEvent: "input.type",
        scrollIntoView: true,
      });
    },
    focus: () => view?.focus(),
    destroy: () => {
      view?.destroy();
      parent.remove();
    },
  };
};
