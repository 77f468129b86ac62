'use strict'
// The keys that r-array would make; only those, as the array itself would take minutes.
const between = require('between')
const { work, report } = require('./harness')

const RUN = 100
const keys = []
const any = () => Math.floor(Math.random() * (keys.length + 1))
let low = 0
const patterns = [
  i => i,
  () => 0,
  any,
  i => i % RUN === 0 ? any() : low + 1,
  i => i % RUN === 0 ? any() : low,
  i => Math.max(0, i - 1),
  i => i === 0 ? 0 : i % 2 === 1 ? low + 1 : low
]
for (let i = 0; i < work.items; i++) {
  const at = patterns[work.pattern](i)
  const middle = between(keys[at - 1] || between.lo, keys[at] || between.hi)
  keys.splice(at, 0, middle + Math.random().toString().substring(2, 5))
  low = at
}
const letters = keys.reduce((sum, key) => sum + key.length, 0)
report({
  value: letters / keys.length,
  byCpu: null,
  longest: keys.reduce((most, key) => Math.max(most, key.length), 0),
  'bytes an insert': 70 + letters / keys.length
})
