'use strict'
exports.inherits = require('inherits')
exports.inspect = value => JSON.stringify(value)
