'use strict'
const ExpiryModel = require('expiry-model')
const { work, Stopwatch, report, keys } = require('./harness')

async function main () {
  const model = ExpiryModel()
  model.setId('bench')
  const names = keys(work.keys)
  const watch = new Stopwatch()
  while (watch.running()) {
    await watch.start()
    for (let i = 0; i < work.sets; i++) model.set(names[i % names.length], i % 10 === 0 ? null : i)
    await watch.stop(work.sets)
  }
  report(watch.rate({ 'keys with a value': Object.keys(model.toJSON()).length }))
}

main()
