import type { ClassCode, Entry, Expression, FunctionCode, ImportedName, Item, Member, Param, Step, Target } from './code';
import { childNamed, type SyntaxNode } from './syntaxNode';
import { unescapePython } from './unescape';

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', ':', '.', 'async', 'await', '*', '**', 'TypeDef', 'AssignOp']);

/** Program of Python from a part of its syntax tree; `text` is that part's. */
export function readPython(root: SyntaxNode, text: string): Step[] {
  const slice = (node: SyntaxNode): string => text.slice(node.from, node.to);
  let globals = new Set<string>();

  function steps(nodes: readonly SyntaxNode[]): Step[] {
    return nodes.flatMap(step);
  }

  function step(node: SyntaxNode): Step[] {
    const at = { from: node.from, to: node.to };
    const children = node.children;
    switch (node.name) {
      case 'ExpressionStatement':
      case 'YieldStatement':
      case 'AssertStatement':
      case 'PrintStatement':
      case 'DeleteStatement':
        return expressions(children).map((value) => ({ ...at, kind: 'do', value }));
      case 'AssignStatement':
        return assignment(node);
      case 'UpdateStatement': {
        const [left, operator, ...right] = children;
        const value = right.length ? listOf(right) : undefined;
        if (!value) return [];
        return [{ ...at, kind: 'do', value: { ...at, kind: 'assign', target: targetOf(left), operator: slice(operator), value } }];
      }
      case 'FunctionDefinition':
        return [{ ...at, kind: 'function', function: functionCode(node) }];
      case 'ClassDefinition':
        return [{ ...at, kind: 'class', class: classCode(node) }, ...fieldTypes(node)];
      case 'DecoratedStatement':
      case 'StatementGroup':
      case 'Body':
      case 'MatchBody':
        return steps(children);
      case 'IfStatement':
        return ifChain(node);
      case 'ForStatement':
      case 'WhileStatement':
        return [loop(node)];
      case 'TryStatement':
      case 'WithStatement':
      case 'MatchStatement':
      case 'MatchClause':
        return [{ ...at, kind: 'block', body: guarded(node) }];
      case 'ReturnStatement':
      case 'RaiseStatement': {
        const values = children.filter((child) => child.name !== 'return' && child.name !== 'raise');
        return [{ ...at, kind: node.name === 'ReturnStatement' ? 'return' : 'throw', value: values.length ? listOf(values) : undefined }];
      }
      case 'ImportStatement':
        return imports(node);
      case 'ScopeStatement':
        for (const child of children) if (child.name === 'VariableName') globals.add(slice(child));
        return [];
      default:
        return [];
    }
  }

  function assignment(node: SyntaxNode): Step[] {
    const at = { from: node.from, to: node.to };
    const groups: SyntaxNode[][] = [[]];
    for (const child of node.children) {
      if (child.name === 'AssignOp') groups.push([]);
      else groups[groups.length - 1].push(child);
    }
    const typeNode = childNamed(node, 'TypeDef');
    const type = typeNode && typeText(typeNode);
    const value = groups.length > 1 ? listOf(groups[groups.length - 1]) : undefined;
    const targets = groups.length > 1 ? groups.slice(0, -1) : groups;
    return targets.flatMap((group): Step[] => {
      const target = targetList(group);
      if (!target) return [];
      if (target.kind === 'place' || (target.kind === 'name' && globals.has(target.name))) {
        const assigned: Expression | undefined = value ?? (type === undefined ? undefined : { ...at, kind: 'undefined' });
        if (!assigned) return [];
        const typed: Expression = type === undefined ? assigned : { ...at, kind: 'cast', value: assigned, type };
        return [{ ...at, kind: 'do', value: { ...at, kind: 'assign', target, operator: '=', value: typed } }];
      }
      return [{ ...at, kind: 'declare', target, type, value, scoped: false }];
    });
  }

  function targetList(nodes: readonly SyntaxNode[]): Target | undefined {
    const targets = nodes.filter((child) => !PUNCTUATION.has(child.name)).map(targetOf);
    if (targets.length < 2) return targets[0];
    const parts = targets.map((target, index) => ({ key: String(index), target }));
    return { from: targets[0].from, to: targets[targets.length - 1].to, kind: 'pattern', parts };
  }

  function targetOf(node: SyntaxNode): Target {
    const at = { from: node.from, to: node.to };
    if (node.name === 'VariableName') return { ...at, kind: 'name', name: slice(node) };
    if (node.name === 'TupleExpression' || node.name === 'ArrayExpression') return targetList(node.children) ?? { ...at, kind: 'pattern', parts: [] };
    return { ...at, kind: 'place', place: expression(node) };
  }

  /** One value, or several with commas between them as a list. */
  function listOf(nodes: readonly SyntaxNode[]): Expression | undefined {
    const values = expressions(nodes);
    if (values.length < 2) return values[0];
    const range = { from: values[0].from, to: values[values.length - 1].to };
    return { ...range, kind: 'array', items: values.map((value) => ({ spread: false, value })) };
  }

  function ifChain(node: SyntaxNode): Step[] {
    const parts: { condition?: Expression; body: Step[]; from: number }[] = [];
    let condition: SyntaxNode | undefined;
    let from = node.from;
    for (const child of node.children) {
      if (child.name === 'if' || child.name === 'elif' || child.name === 'else') {
        from = child.from;
        condition = undefined;
      } else if (child.name === 'Body') parts.push({ condition: condition && expression(condition), body: steps(child.children), from });
      else condition = child;
    }
    let otherwise: Step[] = [];
    for (const part of parts.reverse()) {
      if (!part.condition) otherwise = part.body;
      else otherwise = [{ from: part.from, to: node.to, kind: 'if', condition: part.condition, then: part.body, otherwise }];
    }
    return otherwise;
  }

  function loop(node: SyntaxNode): Step {
    const inAt = node.children.findIndex((child) => child.name === 'in');
    const bodyAt = node.children.findIndex((child) => child.name === 'Body');
    const head = node.children.slice(0, bodyAt < 0 ? undefined : bodyAt).filter((child) => child.name !== 'async');
    const body: Step[] = [];
    const iterated = expressions(node.children.slice(inAt + 1, bodyAt < 0 ? undefined : bodyAt)).filter((value) => value.kind !== 'other' || value.parts.length);
    for (const value of iterated) body.push({ from: value.from, to: value.to, kind: 'do', value });
    if (inAt >= 0) {
      const target = targetList(node.children.slice(0, inAt).filter((child) => child.name !== 'for'));
      if (target) body.push({ from: target.from, to: target.to, kind: 'declare', target, scoped: false });
    }
    body.push(...steps(node.children.slice(Math.max(bodyAt, 0)).filter((child) => child.name === 'Body')));
    const last = head[head.length - 1] ?? node;
    return { from: node.from, to: node.to, kind: 'block', body, repeats: text.slice((head[0] ?? node).from, last.to) };
  }

  /** `try`, `with`, `match`: what runs in order; what runs only after a failure repeats, as it may not run. */
  function guarded(node: SyntaxNode): Step[] {
    const found: Step[] = [];
    let failed = false;
    let bound: SyntaxNode | undefined;
    let value: Expression | undefined;
    for (const child of node.children) {
      if (child.name === 'except') failed = true;
      else if (child.name === 'finally' || child.name === 'else') failed = false;
      else if (child.name === 'Body' || child.name === 'MatchBody') {
        const body = steps(child.children);
        found.push({ from: child.from, to: child.to, kind: 'block', body, repeats: failed ? 'except' : undefined });
      } else if (child.name === 'MatchClause') {
        found.push({ from: child.from, to: child.to, kind: 'block', body: guarded(child), repeats: slice(child).split('\n', 1)[0] });
      } else if (child.name === 'as') bound = child;
      else if (bound && child.name === 'VariableName' && !failed) {
        const target = targetOf(child);
        found.push({ from: child.from, to: child.to, kind: 'declare', target, value, scoped: false });
        bound = undefined;
      } else if (node.name === 'WithStatement' && !PUNCTUATION.has(child.name) && child.name !== 'with') {
        value = expression(child);
        found.push({ from: child.from, to: child.to, kind: 'do', value });
      }
    }
    return found;
  }

  function imports(node: SyntaxNode): Step[] {
    const at = { from: node.from, to: node.to };
    const written = slice(node).replace(/[()\\]/g, ' ').replace(/#[^\n]*/g, '');
    const from = /^from\s+([.\w\s]+?)\s+import\s+([^]*)$/.exec(written);
    const list = from ? from[2] : written.replace(/^import\s+/, '');
    const module = from?.[1].replace(/\s+/g, '');
    const names = list.split(',').flatMap((part): ImportedName[] => {
      const [, imported, local] = /^\s*([\w.*]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      if (!imported) return [];
      if (module !== undefined) return [{ local: local ?? imported, imported, specifier: module }];
      const dotted = local === undefined && imported.includes('.');
      return [{ local: local ?? imported.split('.')[0], imported: '*', specifier: dotted ? imported.split('.')[0] : imported }];
    });
    return [{ ...at, kind: 'import', names }];
  }

  function expressions(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.filter((node) => !PUNCTUATION.has(node.name) && /^[A-Z]/.test(node.name) && !node.name.endsWith('Op')).map(expression);
  }

  function expression(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const children = node.children;
    switch (node.name) {
      case 'VariableName':
        return slice(node) === 'self' || slice(node) === 'cls' ? { ...at, kind: 'self' } : { ...at, kind: 'name', name: slice(node) };
      case 'String':
        return { ...at, kind: 'literal', value: stringValue(slice(node)) };
      case 'ContinuedString': {
        const parts = children.map(expression).flatMap((part) => (part.kind === 'literal' ? [String(part.value)] : part.kind === 'template' ? part.parts : [part]));
        if (parts.every((part) => typeof part === 'string')) return { ...at, kind: 'literal', value: parts.join('') };
        return { ...at, kind: 'template', parts };
      }
      case 'FormatString':
        return { ...at, kind: 'template', parts: formatParts(node) };
      case 'Number': {
        const number = Number(slice(node).replaceAll('_', ''));
        return { ...at, kind: 'literal', value: Number.isNaN(number) ? null : number };
      }
      case 'Boolean':
        return { ...at, kind: 'literal', value: slice(node) === 'True' };
      case 'None':
        return { ...at, kind: 'literal', value: null };
      case 'ParenthesizedExpression':
        return expressions(children)[0] ?? other(node);
      case 'AwaitExpression': {
        const value = expressions(children)[0];
        return value ? { ...at, kind: 'await', value } : other(node);
      }
      case 'MemberExpression':
        return member(node);
      case 'CallExpression':
        return call(node);
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return { ...at, kind: 'array', items: items(children) };
      case 'DictionaryExpression':
        return { ...at, kind: 'object', entries: entries(children) };
      case 'ConditionalExpression': {
        const [then, condition, otherwise] = expressions(children);
        return then && condition && otherwise ? { ...at, kind: 'either', condition, then, otherwise } : other(node);
      }
      case 'BinaryExpression':
      case 'UnaryExpression':
        return operation(node);
      case 'NamedExpression': {
        const [left, right] = expressions(children);
        return left && right ? { ...at, kind: 'assign', target: targetOf(children[0]), operator: '=', value: right } : other(node);
      }
      case 'LambdaExpression':
        return { ...at, kind: 'function', function: functionCode(node) };
      default:
        return other(node);
    }
  }

  function other(node: SyntaxNode): Expression {
    return { from: node.from, to: node.to, kind: 'other', parts: expressions(node.children) };
  }

  function operation(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const operands = expressions(node.children);
    const word = node.children.find((child) => child.name === 'and' || child.name === 'or');
    const [left, right] = operands;
    if (word && left && right) return { ...at, kind: 'logical', operator: word.name === 'and' ? '&&' : '||', left, right };
    const operator = node.children.find((child) => child.name.endsWith('Op') || ['not', 'in', 'is'].includes(child.name));
    return { ...at, kind: 'operation', operator: operator ? slice(operator) : '', operands };
  }

  function member(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const [objectNode, ...rest] = node.children;
    if (!objectNode) return other(node);
    const object = expression(objectNode);
    const name = childNamed(node, 'PropertyName');
    if (name) return { ...at, kind: 'member', object, name: slice(name) };
    const isSlice = rest.some((child) => child.name === ':');
    const index = expressions(rest)[0];
    if (!index) return object;
    return isSlice ? { ...at, kind: 'other', parts: [object, ...expressions(rest)] } : { ...at, kind: 'index', object, index };
  }

  function call(node: SyntaxNode): Expression {
    const callee = node.children[0];
    if (!callee || callee.name === 'ArgList') return other(node);
    const list = childNamed(node, 'ArgList');
    const named: [string, Expression][] = [];
    const positional: SyntaxNode[] = [];
    let group: SyntaxNode[] = [];
    for (const child of [...(list?.children ?? []), undefined]) {
      if (child && child.name !== ',' && child.name !== ')') {
        if (child.name !== '(') group.push(child);
        continue;
      }
      const [first, operator, value] = group;
      if (operator?.name === 'AssignOp' && value) named.push([slice(first), expression(value)]);
      else if (first?.name === '**' && operator) named.push(['**', expression(operator)]);
      else positional.push(...group);
      group = [];
    }
    return { from: node.from, to: node.to, kind: 'call', callee: expression(callee), args: items(positional), named, isNew: false };
  }

  function items(nodes: readonly SyntaxNode[]): Item[] {
    const found: Item[] = [];
    let spread = false;
    for (const node of nodes) {
      if (node.name === '*') spread = true;
      else if (!PUNCTUATION.has(node.name) && /^[A-Z]/.test(node.name)) {
        found.push({ spread, value: expression(node) });
        spread = false;
      }
    }
    return found;
  }

  function entries(nodes: readonly SyntaxNode[]): Entry[] {
    const found: Entry[] = [];
    let key: Expression | undefined;
    let spread = false;
    for (const node of nodes) {
      if (node.name === '**') spread = true;
      else if (!PUNCTUATION.has(node.name) && /^[A-Z]/.test(node.name)) {
        const value = expression(node);
        if (spread) found.push({ key: null, value });
        else if (!key) {
          key = value;
          continue;
        } else found.push({ key: key.kind === 'literal' && typeof key.value === 'string' ? key.value : key, value });
        key = undefined;
        spread = false;
      }
    }
    return found;
  }

  function formatParts(node: SyntaxNode): (string | Expression)[] {
    const opening = /^[a-zA-Z]*('''|"""|'|")/.exec(slice(node));
    const raw = /^[a-zA-Z]*r/i.test(slice(node));
    const parts: (string | Expression)[] = [];
    const end = node.to - (opening?.[1].length ?? 0);
    const literal = (from: number, to: number): void => {
      const written = text.slice(from, to).replace(/\{\{/g, '{').replace(/\}\}/g, '}');
      if (to > from) parts.push(raw ? written : unescapePython(written));
    };
    let last = node.from + (opening?.[0].length ?? 0);
    for (const child of node.children.filter((part) => part.name === 'FormatReplacement')) {
      literal(last, child.from);
      parts.push(...expressions(child.children.filter((part) => !part.name.startsWith('Format'))).slice(0, 1));
      last = child.to;
    }
    literal(last, end);
    return parts;
  }

  function functionCode(node: SyntaxNode): FunctionCode {
    const outer = globals;
    globals = new Set();
    const name = childNamed(node, 'VariableName');
    const list = childNamed(node, 'ParamList');
    const body = childNamed(node, 'Body');
    const isLambda = node.name === 'LambdaExpression';
    const result = isLambda ? expressions(node.children.slice(-1))[0] : undefined;
    const code: FunctionCode = {
      from: node.from,
      to: node.to,
      name: name && !isLambda ? slice(name) : undefined,
      params: list ? params(list) : [],
      body: result ? [{ from: result.from, to: result.to, kind: 'return', value: result }] : steps(body?.children ?? []),
    };
    globals = outer;
    return code;
  }

  function params(list: SyntaxNode): Param[] {
    const found: Param[] = [];
    let group: SyntaxNode[] = [];
    for (const child of [...list.children, undefined]) {
      if (child && child.name !== ',' && child.name !== ')') {
        group.push(child);
        continue;
      }
      const name = group.find((part) => part.name === 'VariableName');
      if (name && slice(name) !== 'self' && slice(name) !== 'cls') {
        const type = group.find((part) => part.name === 'TypeDef');
        const equals = group.findIndex((part) => part.name === 'AssignOp');
        const fallback = equals < 0 ? undefined : expressions(group.slice(equals + 1))[0];
        const rest = group.some((part) => part.name === '*' || part.name === '**');
        found.push({ target: targetOf(name), type: type && typeText(type), fallback, rest, isField: false });
      }
      group = [];
    }
    return found;
  }

  function classCode(node: SyntaxNode): ClassCode {
    const name = childNamed(node, 'VariableName');
    const bases = childNamed(node, 'ArgList');
    const body = childNamed(node, 'Body');
    return {
      from: node.from,
      to: node.to,
      name: name && slice(name),
      base: bases && expressions(bases.children)[0],
      members: body ? steps(body.children).flatMap((part) => classMember(part, body)) : [],
    };
  }

  function classMember(part: Step, body: SyntaxNode): Member[] {
    const at = { from: part.from, to: part.to, isStatic: false };
    if (part.kind === 'function' && part.function.name) {
      const decorated = body.children.find((child) => child.name === 'DecoratedStatement' && child.from <= part.from && part.to <= child.to);
      const isGetter = decorated !== undefined && /@(cached_)?property\b|@functools\.cached_property/.test(text.slice(decorated.from, part.from));
      return [{ ...at, name: part.function.name === '__init__' ? 'constructor' : part.function.name, isGetter, method: part.function }];
    }
    if (part.kind !== 'declare' || part.target.kind !== 'name') return [];
    return [{ ...at, name: part.target.name, isGetter: false, type: part.type, value: part.value }];
  }

  /** A class whose fields have types (a dataclass, a pydantic model) is a type as well. */
  function fieldTypes(node: SyntaxNode): Step[] {
    const name = childNamed(node, 'VariableName');
    const body = childNamed(node, 'Body');
    const members = new Map<string, string>();
    for (const field of body?.children.filter((child) => child.name === 'AssignStatement') ?? []) {
      const type = childNamed(field, 'TypeDef');
      if (type) members.set(slice(field.children[0]), typeText(type));
    }
    return name && members.size ? [{ from: node.from, to: node.to, kind: 'type', name: slice(name), members }] : [];
  }

  function typeText(node: SyntaxNode): string {
    return slice(node).replace(/^(:|->)\s*/, '').trim();
  }

  return steps(root.name === 'Unit' ? root.children : [root]);
}

function stringValue(written: string): string {
  const opening = /^([a-zA-Z]*)('''|"""|'|")/.exec(written);
  if (!opening) return written;
  const inner = written.slice(opening[0].length, written.length - opening[2].length);
  return /r/i.test(opening[1]) ? inner : unescapePython(inner);
}
