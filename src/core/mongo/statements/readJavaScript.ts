import type { ClassCode, Entry, Expression, FunctionCode, Item, Member, Param, PatternPart, Step, Target } from './code';
import { readModuleStep } from './readModuleSteps';
import { childNamed, type SyntaxNode } from './syntaxNode';
import { unescapeJavaScript } from './unescape';

const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',', ';', ':', '.', '?.', 'Equals', 'Spread', 'Optional', 'async', 'await', 'const', 'let', 'var', 'using']);
const TYPE_NODES = new Set(['TypeAnnotation', 'TypeArgList', 'TypeParamList', 'TypeName', 'TypePredicate']);

/** Program of JavaScript or TypeScript from a part of its syntax tree; `text` is that part's. */
export function readJavaScript(root: SyntaxNode, text: string): Step[] {
  const slice = (node: SyntaxNode): string => text.slice(node.from, node.to);

  function steps(nodes: readonly SyntaxNode[]): Step[] {
    return nodes.flatMap(step);
  }

  function step(node: SyntaxNode): Step[] {
    const at = { from: node.from, to: node.to };
    const children = node.children;
    switch (node.name) {
      case 'ExpressionStatement':
      case 'SingleExpression':
        return expressions(children).map((value) => ({ ...at, kind: 'do', value }));
      case 'VariableDeclaration':
        return declarations(node);
      case 'FunctionDeclaration':
        return [{ ...at, kind: 'function', function: functionCode(node) }];
      case 'ClassDeclaration':
        return [{ ...at, kind: 'class', class: classCode(node) }];
      case 'IfStatement': {
        const [condition, ...branches] = children.filter((child) => child.name !== 'if');
        if (!condition) return [];
        const elseAt = branches.findIndex((child) => child.name === 'else');
        const then = elseAt < 0 ? branches : branches.slice(0, elseAt);
        const otherwise = elseAt < 0 ? [] : branches.slice(elseAt + 1);
        return [{ ...at, kind: 'if', condition: expression(condition), then: steps(then), otherwise: steps(otherwise) }];
      }
      case 'Block':
      case 'StaticBlock':
      case 'LabeledStatement':
        return [{ ...at, kind: 'block', body: steps(children) }];
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoStatement':
        return [loop(node)];
      case 'SwitchStatement':
      case 'WithStatement':
      case 'TryStatement':
      case 'CatchClause':
      case 'FinallyClause':
      case 'SwitchBody':
        return switchOrTry(node);
      case 'ReturnStatement':
      case 'ThrowStatement':
        return [{ ...at, kind: node.name === 'ReturnStatement' ? 'return' : 'throw', value: expressions(children)[0] }];
      default:
        return readModuleStep(node, text, { steps, expression }) ?? [];
    }
  }

  function declarations(node: SyntaxNode): Step[] {
    const found: Step[] = [];
    const scoped = node.children[0]?.name !== 'var';
    const parts = node.children;
    for (let i = 0; i < parts.length; i++) {
      if (!isPattern(parts[i])) continue;
      const target = targetOf(parts[i]);
      let type: string | undefined;
      let value: Expression | undefined;
      const start = parts[i].from;
      let end = parts[i].to;
      while (i + 1 < parts.length && parts[i + 1].name !== ',') {
        const part = parts[++i];
        if (part.name === 'TypeAnnotation') type = typeText(part);
        else if (!PUNCTUATION.has(part.name)) value = expression(part);
        if (part.name !== ';') end = part.to;
      }
      found.push({ from: start, to: end, kind: 'declare', target, type, value, scoped });
    }
    return found;
  }

  function loop(node: SyntaxNode): Step {
    const body: Step[] = [];
    const head = node.children.find((child) => child.name.startsWith('For') || child.name === 'ParenthesizedExpression');
    if (head && head.name !== 'ParenthesizedExpression') {
      const variable = head.children.find(isPattern);
      const declared = head.children.filter((child) => child.name === 'VariableDeclaration');
      body.push(...steps(declared));
      if (variable) body.push({ from: variable.from, to: variable.to, kind: 'declare', target: targetOf(variable), scoped: true });
      for (const value of expressions(head.children.filter((child) => !isPattern(child) && child.name !== 'VariableDeclaration'))) {
        body.push({ from: value.from, to: value.to, kind: 'do', value });
      }
    } else if (head) {
      body.push({ from: head.from, to: head.to, kind: 'do', value: expression(head) });
    }
    body.push(...steps(node.children.filter((child) => child !== head)));
    const headText = head ? slice(head) : '';
    return { from: node.from, to: node.to, kind: 'block', body, repeats: `${node.children[0]?.name ?? 'loop'} ${headText}`.trim() };
  }

  function switchOrTry(node: SyntaxNode): Step[] {
    const body: Step[] = [];
    for (const child of node.children) {
      if (child.name === 'ParenthesizedExpression') body.push({ from: child.from, to: child.to, kind: 'do', value: expression(child) });
      else if (child.name === 'SwitchBody') body.push(...cases(node, child));
      else if (child.name === 'CatchClause') {
        body.push({ from: child.from, to: child.to, kind: 'block', body: steps(child.children), repeats: 'catch' });
      } else body.push(...step(child));
    }
    return [{ from: node.from, to: node.to, kind: 'block', body }];
  }

  /** Each case by itself, under the condition of its label. */
  function cases(node: SyntaxNode, switchBody: SyntaxNode): Step[] {
    const subject = childNamed(node, 'ParenthesizedExpression');
    const parts: { condition?: Expression; body: SyntaxNode[] }[] = [];
    for (const child of switchBody.children) {
      const last = parts[parts.length - 1];
      if (child.name === 'CaseLabel') {
        const label = expressions(child.children.filter((part) => part.name !== 'case'))[0];
        const operands = subject && label ? [expression(subject), label] : [];
        // Labels without steps between them share what follows.
        const shared = last && !last.body.length ? last.condition : undefined;
        if (shared) parts.pop();
        const from = shared?.from ?? child.from;
        parts.push({ condition: { from, to: label?.to ?? child.to, kind: 'operation', operator: '===', operands }, body: [] });
      } else if (child.name === 'DefaultLabel') parts.push({ body: [] });
      else if (last && child.name !== '}') last.body.push(child);
    }
    let otherwise: Step[] = steps(parts.find((part) => !part.condition)?.body ?? []);
    for (const { condition, body } of parts.reverse()) {
      if (!condition || !body.length) continue;
      otherwise = [{ from: condition.from, to: switchBody.to, kind: 'if', condition, then: steps(body), otherwise }];
    }
    return otherwise;
  }

  function expressions(nodes: readonly SyntaxNode[]): Expression[] {
    const found: Expression[] = [];
    for (const node of nodes) if (isExpression(node)) found.push(expression(node));
    return found;
  }

  function isExpression(node: SyntaxNode): boolean {
    const { name } = node;
    const named = node.children.length > 0 || (name >= 'A' && name < '[') || name === 'this' || name === 'null';
    return named && !PUNCTUATION.has(name) && !TYPE_NODES.has(name);
  }

  function expression(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const children = node.children;
    switch (node.name) {
      case 'VariableName':
      case 'VariableDefinition':
        return slice(node) === 'undefined' ? { ...at, kind: 'undefined' } : { ...at, kind: 'name', name: slice(node) };
      case 'String':
        return { ...at, kind: 'literal', value: unescapeJavaScript(slice(node).slice(1, -1)) };
      case 'Number': {
        const number = Number(slice(node).replaceAll('_', '').replace(/n$/, ''));
        return { ...at, kind: 'literal', value: Number.isNaN(number) ? null : number };
      }
      case 'BooleanLiteral':
        return { ...at, kind: 'literal', value: slice(node) === 'true' };
      case 'null':
        return { ...at, kind: 'literal', value: null };
      case 'this':
        return { ...at, kind: 'self' };
      case 'TemplateString':
        return { ...at, kind: 'template', parts: templateParts(node) };
      case 'RegExp': {
        const written = slice(node);
        const end = written.lastIndexOf('/');
        return { ...at, kind: 'regex', pattern: written.slice(1, end), flags: written.slice(end + 1) };
      }
      case 'ParenthesizedExpression':
        return expressions(children)[0] ?? other(node);
      case 'AwaitExpression': {
        const value = expressions(children)[0];
        return value ? { ...at, kind: 'await', value } : other(node);
      }
      case 'MemberExpression':
        return member(node);
      case 'InstantiationExpression':
        return expressions(children)[0] ?? other(node);
      case 'CallExpression':
      case 'NewExpression':
        return call(node);
      case 'ArrayExpression':
        return { ...at, kind: 'array', items: items(children) };
      case 'ObjectExpression':
        return { ...at, kind: 'object', entries: children.filter((child) => child.name === 'Property').flatMap(entry) };
      case 'ConditionalExpression': {
        const [condition, then, otherwise] = children.filter((child) => child.name !== 'LogicOp').map(expression);
        return condition && then && otherwise ? { ...at, kind: 'either', condition, then, otherwise } : other(node);
      }
      case 'BinaryExpression':
      case 'UnaryExpression':
      case 'PostfixExpression':
      case 'PrefixCast':
        return operation(node);
      case 'AssignmentExpression': {
        const [left, operator, right] = children;
        if (!right) return other(node);
        return { ...at, kind: 'assign', target: targetOf(left), operator: slice(operator), value: expression(right) };
      }
      case 'ArrowFunction':
      case 'FunctionExpression':
        return { ...at, kind: 'function', function: functionCode(node) };
      case 'ClassExpression':
        return { ...at, kind: 'class', class: classCode(node) };
      case 'DynamicImport': {
        const specifier = childNamed(node, 'String');
        return specifier ? { ...at, kind: 'import', specifier: slice(specifier).slice(1, -1) } : other(node);
      }
      default:
        return other(node);
    }
  }

  function other(node: SyntaxNode): Expression {
    return { from: node.from, to: node.to, kind: 'other', parts: expressions(node.children) };
  }

  function member(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const [objectNode, ...rest] = node.children;
    if (!objectNode) return other(node);
    const object = expression(objectNode);
    const name = rest.find((child) => child.name === 'PropertyName' || child.name === 'PrivatePropertyName');
    if (name) return { ...at, kind: 'member', object, name: slice(name) };
    const index = expressions(rest)[0];
    return index ? { ...at, kind: 'index', object, index } : object;
  }

  function call(node: SyntaxNode): Expression {
    const callee = node.children.find((child) => child.name !== 'new' && child.name !== 'TypeArgList');
    if (!callee || callee.name === 'ArgList') return other(node);
    const args = childNamed(node, 'ArgList');
    return {
      from: node.from,
      to: node.to,
      kind: 'call',
      callee: expression(callee),
      args: args ? items(args.children) : [],
      named: [],
      isNew: node.name === 'NewExpression',
    };
  }

  function items(nodes: readonly SyntaxNode[]): Item[] {
    const found: Item[] = [];
    let spread = false;
    for (const node of nodes) {
      if (node.name === 'Spread') spread = true;
      else if (!PUNCTUATION.has(node.name)) {
        found.push({ spread, value: expression(node) });
        spread = false;
      }
    }
    return found;
  }

  function entry(node: SyntaxNode): Entry[] {
    const [first, ...rest] = node.children;
    if (!first) return [];
    if (first.name === 'Spread') return expressions(rest).map((value) => ({ key: null, value }));
    const method = childNamed(node, 'ParamList');
    if (method) {
      const name = childNamed(node, 'PropertyDefinition');
      const code = functionCode(node);
      return name ? [{ key: slice(name), value: { from: node.from, to: node.to, kind: 'function', function: code } }] : [];
    }
    if (first.name === '[') {
      const [key, value] = expressions(node.children);
      return key && value ? [{ key, value }] : [];
    }
    const key = first.name === 'String' ? unescapeJavaScript(slice(first).slice(1, -1)) : slice(first);
    const value = expressions(rest)[0];
    return [{ key, value: value ?? { from: first.from, to: first.to, kind: 'name', name: key } }];
  }

  function operation(node: SyntaxNode): Expression {
    const at = { from: node.from, to: node.to };
    const operands = expressions(node.children.filter((child) => !/Op$|^Type|Type$/.test(child.name)));
    const operatorNode = node.children.find((child) => /Op$/.test(child.name) || ['as', 'satisfies', 'delete', 'in', 'instanceof'].includes(child.name));
    const operator = operatorNode ? slice(operatorNode) : '';
    if (node.name === 'PrefixCast' || operator === 'as' || operator === 'satisfies') {
      const type = node.children.find((child) => /^Type|Type$/.test(child.name));
      return operands[0] ? { ...at, kind: 'cast', value: operands[0], type: type ? slice(type) : '' } : other(node);
    }
    if (node.name === 'PostfixExpression' && operator === '!' && operands[0]) return operands[0];
    const [left, right] = operands;
    if (left && right && (operator === '&&' || operator === '||' || operator === '??')) return { ...at, kind: 'logical', operator, left, right };
    return { ...at, kind: 'operation', operator, operands };
  }

  function templateParts(node: SyntaxNode): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    let last = node.from + 1;
    for (const child of node.children.filter((part) => part.name === 'Interpolation')) {
      if (child.from > last) parts.push(unescapeJavaScript(text.slice(last, child.from)));
      parts.push(...expressions(child.children.filter((part) => !part.name.startsWith('Interpolation'))).slice(0, 1));
      last = child.to;
    }
    if (node.to - 1 > last) parts.push(unescapeJavaScript(text.slice(last, node.to - 1)));
    return parts;
  }

  function isPattern(node: SyntaxNode): boolean {
    return node.name === 'VariableDefinition' || node.name === 'ObjectPattern' || node.name === 'ArrayPattern';
  }

  function targetOf(node: SyntaxNode): Target {
    const at = { from: node.from, to: node.to };
    if (node.name === 'VariableDefinition' || node.name === 'VariableName') return { ...at, kind: 'name', name: slice(node) };
    if (node.name === 'ObjectPattern') {
      return { ...at, kind: 'pattern', parts: node.children.filter((child) => child.name === 'PatternProperty').flatMap(patternPart) };
    }
    if (node.name === 'ArrayPattern') {
      const parts = node.children.filter(isPattern).map((child, index): PatternPart => ({ key: String(index), target: targetOf(child) }));
      return { ...at, kind: 'pattern', parts };
    }
    return { ...at, kind: 'place', place: expression(node) };
  }

  function patternPart(node: SyntaxNode): PatternPart[] {
    const inner = [...node.children].reverse().find(isPattern);
    if (!inner) return [];
    const equals = node.children.findIndex((child) => child.name === 'Equals');
    const fallback = equals < 0 ? undefined : expressions(node.children.slice(equals + 1))[0];
    if (node.children[0].name === 'Spread') return [{ key: null, target: targetOf(inner) }];
    const first = node.children[0];
    const key = first.name === 'String' ? slice(first).slice(1, -1) : slice(first);
    return [{ key, target: targetOf(inner), fallback }];
  }

  function functionCode(node: SyntaxNode): FunctionCode {
    const name = childNamed(node, 'VariableDefinition') ?? childNamed(node, 'PropertyDefinition');
    const paramList = childNamed(node, 'ParamList');
    const block = childNamed(node, 'Block');
    const arrow = node.children.findIndex((child) => child.name === 'Arrow');
    const result = block || arrow < 0 ? undefined : node.children[arrow + 1];
    const lone = arrow > 0 && !paramList ? node.children.find((child) => child.name === 'VariableDefinition') : undefined;
    return {
      from: node.from,
      to: node.to,
      name: name && !lone ? slice(name) : undefined,
      params: paramList ? params(paramList) : lone ? [{ target: targetOf(lone), rest: false, isField: false }] : [],
      body: result ? [{ from: result.from, to: result.to, kind: 'return', value: expression(result) }] : steps(block?.children ?? []),
    };
  }

  function params(list: SyntaxNode): Param[] {
    const found: Param[] = [];
    let group: SyntaxNode[] = [];
    for (const child of [...list.children, undefined]) {
      if (child && child.name !== ',') {
        group.push(child);
        continue;
      }
      const pattern = group.find(isPattern);
      if (pattern) {
        const type = group.find((part) => part.name === 'TypeAnnotation');
        const decorator = group.find((part) => part.name === 'Decorator');
        const equals = group.findIndex((part) => part.name === 'Equals');
        found.push({
          target: targetOf(pattern),
          type: type && typeText(type),
          fallback: equals < 0 ? undefined : expressions(group.slice(equals + 1))[0],
          rest: group.some((part) => part.name === 'Spread'),
          isField: group.some((part) => part.name === 'Privacy' || part.name === 'readonly'),
          decorator: decorator && expressions(decorator.children)[0],
        });
      }
      group = [];
    }
    return found;
  }

  function classCode(node: SyntaxNode): ClassCode {
    const name = childNamed(node, 'VariableDefinition');
    const body = childNamed(node, 'ClassBody');
    const extendsAt = node.children.findIndex((child) => child.name === 'extends');
    return {
      from: node.from,
      to: node.to,
      name: name && slice(name),
      base: extendsAt < 0 ? undefined : expressions(node.children.slice(extendsAt + 1).filter((child) => child !== body))[0],
      members: body ? body.children.flatMap(classMember) : [],
    };
  }

  function classMember(node: SyntaxNode): Member[] {
    const name = node.children.find((child) => /PropertyDefinition$/.test(child.name) || child.name === 'String');
    if (!name) return [];
    const at = {
      from: node.from,
      to: node.to,
      name: slice(name),
      isStatic: node.children.some((child) => child.name === 'static'),
      isGetter: node.children.some((child) => child.name === 'get'),
    };
    if (node.name === 'MethodDeclaration') return [{ ...at, method: functionCode(node) }];
    const type = childNamed(node, 'TypeAnnotation');
    const equals = node.children.findIndex((child) => child.name === 'Equals');
    const value = equals < 0 ? undefined : expressions(node.children.slice(equals + 1))[0];
    return [{ ...at, type: type && typeText(type), value }];
  }

  function typeText(annotation: SyntaxNode): string {
    return slice(annotation).replace(/^:\s*/, '').trim();
  }

  return steps(root.name === 'Unit' ? root.children : [root]);
}
