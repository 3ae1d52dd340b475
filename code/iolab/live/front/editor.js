// The editor of a cell. Loaded when the first one is opened.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { COLOURS } from "./colours.js";

/* An EditorView below `parent`. on: {change(text), run(), leave()}. label: its name for those who do not see it. */
export function open(parent, text, label, on) {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Shift-Enter", run: () => (on.run(), true) },
          { key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => (on.run(), true) },
          { key: "Escape", run: () => (on.leave(), true) },
          indentWithTab,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        indentOnInput(),
        bracketMatching(),
        pythonLanguage,
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        syntaxHighlighting(COLOURS),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => update.docChanged && on.change(update.state.doc.toString())),
      ],
    }),
  });
}

export function replace(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}
