// minisearch over the names of a tree, timed in process: node search.mjs PEERS TREE TYPED
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [home, treeFile, typedFile] = process.argv.slice(2)
const MiniSearch = createRequire(home + '/x.js')('minisearch')
const read = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((l) => l.split('\t'))

const rows = read(treeFile)
const byId = new Map(rows.map((r) => [r[0], r]))
const above = (row) => {
  const path = []
  for (let r = byId.get(row[1]); r; r = byId.get(r[1])) path.push(...r.slice(3))
  return path.join(' ')
}
const bare = (term) => term.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase()

let began = performance.now()
const index = new MiniSearch({
  fields: ['name', 'above'],
  processTerm: bare,
  searchOptions: { prefix: true, fuzzy: 0.2, boost: { name: 3 }, combineWith: 'AND' },
})
index.addAll(rows.map((r) => ({ id: r[0], name: r.slice(3).join(' \n '), above: above(r) })))
const build = performance.now() - began

const search = (text) => {
  const found = index.search(text)
  return found.length ? found : index.search(text, { combineWith: 'OR' })
}

const typed = read(typedFile)
for (const [, , text] of typed.slice(0, 200)) search(text) // warm
const times = []
const tally = new Map()
for (const [kind, wanted, text] of typed) {
  began = performance.now()
  const found = search(text)
  times.push((performance.now() - began) * 1e3)
  if (kind === 'key') continue
  const first = found.slice(0, 5).map((f) => f.id)
  for (const k of [kind, 'all']) {
    const t = tally.get(k) ?? [0, 0]
    t[0] += wanted.split(' ').some((id) => first.includes(id))
    t[1]++
    tally.set(k, t)
  }
}
times.sort((a, b) => a - b)
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))]
console.log(JSON.stringify({
  name: 'minisearch', build_ms: build, queries: typed.length, p50_us: at(0.5), p99_us: at(0.99), most_us: times.at(-1),
  recall: Object.fromEntries([...tally].map(([k, [right, all]]) => [k, right / all])),
}))
