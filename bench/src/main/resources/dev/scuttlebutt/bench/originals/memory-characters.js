'use strict'
const RArray = require('r-array')
const { measureMemory } = require('./harness')

// A text of the originals is an r-array of letters.
measureMemory(items => {
  const text = new RArray()
  for (let i = 0; i < items; i++) text.push(String.fromCharCode(97 + i % 26))
  return text
}, text => text.keys.length)
