'use strict'
const { Doc } = require('crdt')
const { work, Stopwatch, report } = require('./harness')

async function main () {
  const watch = new Stopwatch()
  while (watch.running()) {
    const doc = new Doc('bench')
    await watch.start()
    for (let i = 0; i < work.rows; i++) {
      doc.add({ id: 'row' + i, title: 'title ' + i, owner: 'user' + i % 100, n: i })
    }
    await watch.stop(work.rows)
    const held = doc.history().length
    if (held !== work.rows) throw new Error(`holds ${held} updates instead of ${work.rows}`)
  }
  report(watch.rate())
}

main()
