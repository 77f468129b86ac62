'use strict'
const RArray = require('r-array')
const { work, Stopwatch, report } = require('./harness')

async function main () {
  const watch = new Stopwatch()
  while (watch.running()) {
    const array = new RArray()
    await watch.start()
    for (let i = 0; i < work.items; i++) array.push('item ' + i)
    await watch.stop(work.items)
    if (array.keys.length !== work.items) throw new Error(array.keys.length + ' items')
  }
  report(watch.rate())
}

main()
