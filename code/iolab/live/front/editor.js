// The editor of a cell. Loaded when the first one is opened.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The classes of the book's own listings (Pygments), so that code looks the same when it can be edited
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], class: "k" },
  { tag: [tags.moduleKeyword], class: "kn" },
  { tag: [tags.operatorKeyword], class: "ow" },
  { tag: [tags.operator, tags.compareOperator, tags.arithmeticOperator, tags.definitionOperator], class: "o" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.number, class: "mi" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.comment, class: "c1" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: tags.meta, class: "nd" },
]);

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
