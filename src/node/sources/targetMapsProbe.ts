/**
 * The question that `askTargetForMaps` puts to the target, as the text of a function of (scripts, budgetMs, maxLength).
 * It is text, and not a function that is turned into text, because bundlers and transpilers rewrite functions (`require`,
 * helpers for names) so that they no longer run elsewhere.
 *
 * Maps come from (1) Node itself, when source maps are enabled, as tsx and esbuild-register do; (2) the store of
 * `@swc-node/register`; (3) any loaded source-map-support, as ts-node, Jest and Babel use it. Modules and getters of the
 * target may be anybody's, so each step may throw. Deliberately old syntax: the text is not compiled for the target.
 */
export const TARGET_MAPS_PROBE = `function (scripts, budgetMs, maxLength) {
  var started = Date.now();
  function attempt(action) { try { return action(); } catch (error) { return undefined; } }
  function load(id) {
    if (process.getBuiltinModule) return process.getBuiltinModule(id);
    if (process.mainModule && process.mainModule.require) return process.mainModule.require(id);
    return require(id);
  }
  function textOf(map) {
    return typeof map === 'string' ? map : map && typeof map === 'object' ? JSON.stringify(map) : undefined;
  }
  var nodeModule = attempt(function () { return load('module'); });
  var loaded = (nodeModule && nodeModule._cache) || {};
  var finders = [];
  if (nodeModule && nodeModule.findSourceMap) {
    finders.push(['node', function (name) { return nodeModule.findSourceMap(name).payload; }]);
  }
  Object.keys(loaded).forEach(function (file) {
    if (!/source-?map/i.test(file)) return;
    var exported = attempt(function () { return loaded[file].exports; });
    if (!exported) return;
    if (exported.SourcemapMap instanceof Map) {
      finders.push(['swc-node', function (name) { return exported.SourcemapMap.get(name); }]);
    }
    if (typeof exported.retrieveSourceMap === 'function') {
      finders.push(['source-map-support', function (name) { return exported.retrieveSourceMap(name).map; }]);
    }
  });
  function find(url, path) {
    var names = path === url ? [path] : [path, url];
    for (var i = 0; i < finders.length; i++) {
      for (var j = 0; j < names.length; j++) {
        var json = attempt(function () { return textOf(finders[i][1](names[j])); });
        if (!json) continue;
        return json.length > maxLength ? { tooLarge: json.length } : { json: json, from: finders[i][0] };
      }
    }
    return null;
  }
  var maps = [];
  for (var i = 0; i < scripts.length; i++) {
    maps.push(find(scripts[i].url, scripts[i].path));
    if (Date.now() - started >= budgetMs) break;
  }
  return { maps: maps };
}`;
