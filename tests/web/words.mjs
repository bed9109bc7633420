// words.mjs - whether the page has Indonesian words for what a listing's check tells: for every
// rule and every phrase that stands in its sources. TAP; run with the root of the sources.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = process.argv[2];
const require = createRequire(join(root, 'src/web/ui/package.json'));
const { buildSync } = require('esbuild');
const built = buildSync({ entryPoints: [join(root, 'src/web/ui/src/told.ts')], bundle: true, format: 'esm', write: false });
const told = await import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`);

/* A source without comments and characters, its literals in one piece. */
function sourceOf(path) {
  const text = readFileSync(join(root, path), 'utf8').replace(/\/\*.*?\*\//gs, '').replace(/'(?:\\.|[^'\\\n])'/g, '0');
  return text.replace(/"\s*\n\s*"/g, '');
}

const listing = readdirSync(join(root, 'src/listing')).filter((f) => /^(check|judge|body_read|phone)\w*\.c$/.test(f)).map((f) => `src/listing/${f}`);
const flows = ['src/flows/listing/images.c', 'src/flows/listing/one.c', 'src/flows/listing/papers.c', 'src/flows/one_image.c'];
const sources = new Map([...listing, ...flows].map((f) => [f, sourceOf(f)]));

/* What stands between the bracket at `from` and its own end. */
function within(text, from) {
  let depth = 0, quoted = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '(') depth++;
    else if (!quoted && c === ')' && --depth === 0) return text.slice(from + 1, i);
  }
  return '';
}

const literal = /"((?:[^"\\]|\\.)*)"/g;
const literalsOf = (text) => [...text.matchAll(literal)].map((m) => m[1].replace(/\\(.)/g, '$1'));
const callsOf = (text, name) => [...text.matchAll(new RegExp(`\\b${name}\\(`, 'g'))].map((m) => within(text, m.index + m[0].length - 1));

/* Rules are words with hyphens, in a call or in a struct. */
function rulesOf(text) {
  const calls = ['judge_error', 'judge_warning', 'judge_tip', 'judge_length', 'judge_doubles', 'against_profile'].flatMap((name) => callsOf(text, name));
  const named = [...text.matchAll(/(?:\.rule = |_rule\[\] = )"([a-z-]+)"/g)].map((m) => m[1]);
  /* Before what is said; what a bracket follows names a field. */
  const first = calls.flatMap((c) => [...c.replace(/SAID\(.*/s, '').matchAll(/"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"(?=\s*[,:?])/g)].map((m) => m[1]));
  return [...named, ...first];
}

/* Sentences that are told: literals and formats with a blank in them. */
const formats = /%(?:\.\*)?(?:z|ll)?[a-z]/g;
function phrasesOf(text, field) {
  const out = [];
  for (const m of text.matchAll(new RegExp(`\\.${field} =`, 'g'))) {
    const value = text.slice(m.index).match(/^\.\w+ =\s*((?:[^,;"()]|"(?:[^"\\]|\\.)*"|\((?:[^()"]|"(?:[^"\\]|\\.)*"|\([^()]*\))*\))*)/)?.[1] ?? '';
    if (!/judge_naming/.test(value)) out.push(...literalsOf(value));
  }
  return out.filter((s) => / /.test(s)).map((s) => s.replace(formats, '7'));
}

/* Lists of the marketplace's own words, which stay as they are. */
const same = (s) => /^[A-Z0-9_, :*/.+@a-z-]*$/.test(s) && !/[a-z]{2,} [a-z]{2,}/.test(s.replace(/p img ul ol li br strong b i em u|listing_platforms: |name, address, phone_number, email/, ''));

const cases = [];
const check = (says, missing) => cases.push([says, [...new Set(missing)].sort()]);

const rules = [...sources.values()].flatMap(rulesOf);
check('every rule of the check has Indonesian words', rules.filter((r) => !(r in told.rules)));
check('no rule has words that none tells', Object.keys(told.rules).filter((r) => !rules.includes(r)));

const what = [...sources.values()].flatMap((text) => phrasesOf(text, 'what'));
const sentences = Object.values(told.rules).filter((e) => typeof e === 'object').flatMap((e) => Object.keys(e));
const everything = [...sources.values()].flatMap(literalsOf);
const made = { "an image's width is too large": "an image's %s is too large", "an image's height is too large": "an image's %s is too large", 'an image has no width': 'an image has no %s', 'an image has no height': 'an image has no %s' };
check('a rule that tells several things tells them in these words', sentences.filter((s) => !everything.includes(made[s] ?? s)));

/* Of a rule that tells several things, each has its own words. */
const several = [...sources.values()].flatMap((text) => ['judge_error', 'judge_warning', 'judge_tip', 'against_profile'].flatMap((name) => callsOf(text, name)))
  .map((call) => [rulesOf(`judge_tip(${call})`), phrasesOf(call, 'what')]).filter(([of, all]) => of.length === 1 && all.length);
const sayings = new Map();
for (const [[rule], all] of several) sayings.set(rule, new Set([...(sayings.get(rule) ?? []), ...all]));
check('a rule that tells several things has words for each', [...sayings].flatMap(([rule, all]) =>
  all.size < 2 ? [] : [...all].filter((s) => typeof told.rules[rule] === 'object' && !(s in told.rules[rule]) && !/ 7/.test(s)).concat(typeof told.rules[rule] === 'string' ? [rule] : [])));

for (const field of ['fix', 'allowed'])
  check(`every phrase of "${field}" has Indonesian words`,
    [...sources.values()].flatMap((text) => phrasesOf(text, field)).filter((s) => !same(s) && told.indonesianOf(s, told.mends) === null));
const naming = [...sources.values()].flatMap((text) => callsOf(text, 'judge_naming')).flatMap(literalsOf);
check('what is said with a name has Indonesian words', naming.filter((s) => told.indonesianOf(`${s} Bahan (100392)`, told.mends) === null));

const feeds = [...readdirSync(join(root, 'src/feeds')).filter((f) => f.endsWith('.c')).map((f) => `src/feeds/${f}`), 'src/flows/doubts.c'].map(sourceOf);
const tellings = feeds.flatMap((text) => [...callsOf(text, 'feed_tell').map((c) => literalsOf(c).at(-1)), ...callsOf(text, 'tell_field').map((c) => literalsOf(c).at(-1)),
  ...callsOf(text, 'arena_fmt').map((c) => literalsOf(c).at(-1)).filter((s) => / with one: %zu$/.test(s ?? ''))])
  .filter((s) => s && / /.test(s)).map((s) => s.replace(formats, '7'));
check('every problem of a file has Indonesian words', tellings.filter((s) => told.indonesianOf(s, told.problems) === null));
const mendings = feeds.flatMap((text) => [...callsOf(text, 'feed_tell').map((c) => literalsOf(c).at(-2)), ...callsOf(text, 'tell_field').map((c) => literalsOf(c).at(-2)),
  ...[...text.matchAll(/\{(?:CSV_\w+, "(?:[^"\\]|\\.)*"|FEED_\w+, PRODUCT_MAX_\w+),\s*"((?:[^"\\]|\\.)*)"/g)].map((m) => literalsOf(`"${m[1]}"`)[0]),
  ...phrasesOf(text, 'remedy'),
  ...[...text.matchAll(/_REMEDY\[\] =\s*"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1])]).filter(Boolean);
check('what would mend a problem of a file has Indonesian words', mendings.filter((s) => told.indonesianOf(s, told.remedies) === null));
check('no remedy has words that none tells', told.remedies.map(([s]) => s).filter((s) => !mendings.includes(s)));
check('the lists were found at all', rules.length > 200 && what.length > 150 && tellings.length > 10 && naming.length > 5 ? [] : [`${rules.length} rules, ${what.length} sentences, ${tellings.length} problems, ${naming.length} names`]);

console.log(`1..${cases.length}`);
cases.forEach(([says, missing], i) => {
  console.log(`${missing.length ? 'not ok' : 'ok'} ${i + 1} - ${says}`);
  missing.forEach((m) => console.log(`# ${m}`));
  if (missing.length) process.exitCode = 1;
});
