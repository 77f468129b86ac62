'use strict'
const RArray = require('r-array')
const { work, Stopwatch, report } = require('./harness')

async function main () {
  const watch = new Stopwatch()
  while (watch.running()) {
    const array = new RArray()
    await watch.start()
    for (let i = 0; i < work.items; i++) {
      const at = Math.floor(Math.random() * (i + 1))
      array.insert(array.keys[at - 1], 'item ' + i, array.keys[at])
    }
    await watch.stop(work.items)
    // Of two keys that happen to be the same one item is lost.
    if (array.keys.length < work.items * 0.98) throw new Error(array.keys.length + ' items')
  }
  report(watch.rate())
}

main()
