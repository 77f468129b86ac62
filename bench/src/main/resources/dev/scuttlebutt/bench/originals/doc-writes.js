'use strict'
const { Doc } = require('crdt')
const { work, Stopwatch, report } = require('./harness')

const FIELDS = 4

async function main () {
  const watch = new Stopwatch()
  while (watch.running()) {
    const doc = new Doc('bench')
    await watch.start()
    for (let i = work.writes; i > 0; i--) {
      doc.set('row' + Math.floor(Math.random() * work.rows), { ['field' + Math.floor(Math.random() * FIELDS)]: i })
    }
    await watch.stop(work.writes)
    const held = doc.history().length
    if (held > work.rows * FIELDS) throw new Error(`holds ${held} updates, more than there are fields`)
  }
  report(watch.rate())
}

main()
