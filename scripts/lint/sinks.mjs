/** Whatever shows a text; opening a document and dialogs without words of ours are none. */
const OF_WINDOW =
  /^(?:show(?!TextDocument$|NotebookDocument$)\w+|with(?:Scm)?Progress|setStatusBarMessage|createQuickPick|createInputBox|createStatusBarItem|createTerminal|createOutputChannel|createWebviewPanel)$/;
const OF_LANGUAGES = /^createLanguageStatusItem$/;
/** What is made, or extended, to be shown. */
const CLASSES =
  /^(?:MarkdownString|CodeLens|TreeItem|Diagnostic|DiagnosticRelatedInformation|InlayHint|InlayHintLabelPart|Task|CustomExecution)$/;
const PROPERTIES = /^(?:contentText|isTrusted|supportHtml)$/;

const nameOf = (node) =>
  node?.type === 'Identifier' ? node.name : node?.type === 'Literal' ? String(node.value) : undefined;

/** `vscode.window` in `vscode.window.showErrorMessage`: the last name of what a member is taken from. */
const ownerOf = (node) =>
  node?.type === 'MemberExpression' ? nameOf(node.property) : node?.type === 'Identifier' ? node.name : undefined;

/** Standard output and error, whichever way they are reached. */
function terminal(report) {
  return {
    MemberExpression(node) {
      const owner = ownerOf(node.object);
      const name = nameOf(node.property);
      if (owner === 'console') report(node, `console.${name}`);
      else if (owner === 'process' && (name === 'stdout' || name === 'stderr' || name === undefined))
        report(node, `process.${name ?? '…'}`);
    },
    VariableDeclarator(node) {
      if (node.id.type !== 'ObjectPattern') return;
      const owner = ownerOf(node.init);
      for (const { key } of node.id.properties)
        if (owner === 'console' || (owner === 'process' && /^std(?:out|err)$/.test(nameOf(key) ?? '')))
          report(node, `${owner}.${nameOf(key)}`);
    },
    ImportDeclaration(node) {
      if (/^(?:node:)?(?:process|console)$/.test(node.source.value)) report(node, node.source.value);
    },
  };
}

/** What `vscode` has to show text, however it is reached. */
function editor(report) {
  const isSink = (owner, name) =>
    (owner === 'window' && (name === undefined || OF_WINDOW.test(name))) ||
    (owner === 'languages' && OF_LANGUAGES.test(name ?? '')) ||
    (owner === 'vscode' && CLASSES.test(name ?? ''));
  const constructed = (node) => {
    const name = ownerOf(node);
    if (name !== undefined && CLASSES.test(name)) report(node, name);
  };
  return {
    MemberExpression(node) {
      const owner = ownerOf(node.object);
      const name = node.computed && node.property.type !== 'Literal' ? undefined : nameOf(node.property);
      if ((owner === 'window' || owner === 'languages') && isSink(owner, name)) report(node, `${owner}.${name ?? '…'}`);
      // Under another name it could not be followed.
      else if (owner === 'vscode' && name === 'window' && node.parent.type !== 'MemberExpression')
        report(node, 'window');
    },
    NewExpression: (node) => constructed(node.callee),
    ClassDeclaration: (node) => constructed(node.superClass),
    ClassExpression: (node) => constructed(node.superClass),
    VariableDeclarator(node) {
      if (node.id.type !== 'ObjectPattern' || ownerOf(node.init) !== 'vscode') return;
      for (const { key } of node.id.properties)
        if (nameOf(key) === 'window' || CLASSES.test(nameOf(key) ?? '')) report(node, nameOf(key));
    },
    ImportDeclaration(node) {
      if (node.source.value !== 'vscode' || node.importKind === 'type') return;
      for (const { imported, importKind } of node.specifiers)
        if (
          imported &&
          importKind !== 'type' &&
          (nameOf(imported) === 'window' || CLASSES.test(nameOf(imported) ?? ''))
        )
          report(node, nameOf(imported));
    },
    Property(node) {
      if (node.parent.type === 'ObjectExpression' && PROPERTIES.test(nameOf(node.key) ?? ''))
        report(node, nameOf(node.key));
    },
    AssignmentExpression({ left }) {
      if (left.type !== 'MemberExpression') return;
      const name = nameOf(left.property);
      if (PROPERTIES.test(name ?? '') || (name === 'title' && ownerOf(left.object) === 'panel')) report(left, name);
    },
  };
}

/** Two sets of listeners as one. */
function both(first, second) {
  const all = { ...first };
  for (const [name, listen] of Object.entries(second)) {
    const other = all[name];
    all[name] = other
      ? (node) => {
          other(node);
          listen(node);
        }
      : listen;
  }
  return all;
}

/**
 * Text of others is shown by modules that make it harmless, and by nothing else. `kind`: 'editor', where those are the messages, or
 * 'terminal', where it is the one writer. `message` tells where to go instead.
 */
export const sinks = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { sink: "'{{name}}' shows text as it is. {{message}}" },
  },
  create(context) {
    const [{ kind, message }] = context.options;
    const report = (node, name) => context.report({ node, messageId: 'sink', data: { name, message } });
    if (kind === 'terminal') return terminal(report);
    return both(terminal(report), editor(report));
  },
};
