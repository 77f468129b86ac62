// Texts of lines and lists, where there is no recording. Run with: node --test edit.test.mjs
import test from 'node:test'
import assert from 'node:assert/strict'
import { RArray, REdit } from '../../main/resources/dev/scuttlebutt/hub/web/client/index.js'
import { hunks } from '../../main/resources/dev/scuttlebutt/hub/web/client/lines.js'
import { follow } from '../../main/resources/dev/scuttlebutt/hub/web/page/lines.js'

function randomFrom (seed) {
  return n => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n }
}

function applied (before, parts) {
  const result = [...before]
  for (const { at, count, values } of parts) result.splice(at, count, ...values)
  return result
}

/** The length of the longest common subsequence, by the book. */
function common (a, b) {
  const table = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i][j] = a[i - 1] === b[j - 1] ? table[i - 1][j - 1] + 1 : Math.max(table[i - 1][j], table[i][j - 1])
    }
  }
  return table[a.length][b.length]
}

test('hunks make one list out of the other, and touch as few lines as can be', () => {
  const random = randomFrom(11)
  const list = () => Array.from({ length: random(14) }, () => 'abcd'[random(4)])
  for (let i = 0; i < 3000; i++) {
    const [before, after] = [list(), list()]
    const parts = hunks(before, after)
    assert.deepEqual(applied(before, parts), after, `${before} to ${after}`)
    const touched = parts.reduce((sum, { count, values }) => sum + count + values.length, 0)
    assert.equal(touched, before.length + after.length - 2 * common(before, after), `${before} to ${after}`)
    for (let k = 1; k < parts.length; k++) assert.ok(parts[k].at + parts[k].count < parts[k - 1].at, 'parts do not touch')
  }
  // The case in which the original's library is wrong.
  assert.deepEqual(applied([...'bcaccb'], hunks([...'bcaccb'], [...'caaccaca'])), [...'caaccaca'])
})

test('hunks of long lists that have little in common still come soon', () => {
  const before = Array.from({ length: 5000 }, (_, i) => `a${i}`)
  const after = before.map((line, i) => i % 2 === 0 ? line : `b${i}`)
  assert.deepEqual(applied(before, hunks(before, after)), after)
})

test('update makes a text equal to any other, in one update at most, and lines that stay keep their keys', () => {
  const random = randomFrom(7)
  const edit = new REdit()
  let updates = 0
  edit.on('update', () => updates++)
  for (let i = 0; i < 400; i++) {
    const wanted = Array.from({ length: random(10) }, () => ['a\n', 'b\n', '\n', 'é😀', 'z'][random(5)]).join('')
    const before = new Map(edit.keys().map((key, j) => [key, edit.at(j)]))
    const seen = updates
    edit.update(wanted)
    assert.equal(edit.text(), wanted)
    assert.ok(updates - seen <= 1)
    const kept = edit.keys().filter((key, j) => before.get(key) === edit.at(j)).length
    assert.ok(kept >= common([...before.values()], edit.toJSON()), 'lines that stay are not written')
    edit.update(wanted)
    assert.ok(updates - seen <= 1, 'the same text again is no update')
  }
  assert.deepEqual(edit.keys(), [...edit.keys()].sort((x, y) => x < y ? -1 : 1))
})

test('insert, delete and replace count in units, splice in lines', () => {
  const edit = new REdit()
  edit.insert(0, 'one\ntwo\n')
  edit.insert(4, 'and\n')
  assert.equal(edit.text(), 'one\nand\ntwo\n')
  const [first, , third] = edit.keys()
  edit.delete(4, 4)
  assert.equal(edit.text(), 'one\ntwo\n')
  edit.replace(0, 3, 'ONE')
  assert.equal(edit.text(), 'ONE\ntwo\n')
  assert.equal(edit.keys()[0], first, 'a line that replaces another has its key')
  edit.splice(1, 1, 'TWO\n', 'three\n')
  assert.equal(edit.text(), 'ONE\nTWO\nthree\n')
  assert.equal(edit.keys()[1], third)
  edit.splice(0, 2)
  assert.equal(String(edit), 'three\n')
  assert.throws(() => edit.insert(99, 'x'), RangeError)
  assert.throws(() => edit.splice(0, 0, null), TypeError)
  assert.equal(edit.text(), 'three\n')
})

test('different lines changed apart are both there, of the same line the later one', () => {
  const [a, b] = [new REdit({ id: 'a' }), new REdit({ id: 'b' })]
  const exchange = () => { a.history().forEach(u => b.apply(u)); b.history().forEach(u => a.apply(u)) }
  a.update('eggs\nflour\nmilk\n')
  exchange()
  a.update('six eggs\nflour\nmilk\n')
  b.update('eggs\nflour\nmilk and butter\nsalt\n')
  exchange()
  assert.equal(a.text(), 'six eggs\nflour\nmilk and butter\nsalt\n')
  assert.equal(b.text(), a.text())
  a.update(a.text().replace('flour', 'white flour'))
  b.update(b.text().replace('flour', 'rye flour'))
  exchange()
  assert.equal(a.text(), b.text())
  assert.match(a.text(), /^six eggs\n(white|rye) flour\nmilk/)
})

test('array: an item is changed in its place, taken out, and moved in one update', () => {
  const array = new RArray()
  array.push('a', 'b', { c: 1 })
  const [first, second, third] = array.keys()
  array.set(second, 'B')
  assert.deepEqual(array.toJSON(), ['a', 'B', { c: 1 }])
  assert.equal(array.winner(second)[2], array.id)
  let updates = 0
  array.on('update', () => updates++)
  array.move(0, 2)
  assert.deepEqual(array.toJSON(), ['B', { c: 1 }, 'a'])
  array.move(2, 1)
  assert.deepEqual(array.toJSON(), ['B', 'a', { c: 1 }])
  array.move(1, 1)
  assert.equal(updates, 2)
  assert.ok(!array.keys().includes(first))
  array.unset(third)
  array.unset(third)
  assert.deepEqual(array.toJSON(), ['B', 'a'])
  assert.equal(updates, 3)
  assert.throws(() => array.move(0, 2), RangeError)
  assert.throws(() => array.set('__proto__', 1), TypeError)
})

test('a caret stays in its line, wherever others write', () => {
  const before = [['a', 'one\n'], ['b', 'two\n'], ['c', 'three']]
  assert.equal(follow(before, [['0', 'zero\n'], ...before], 5), 10)
  assert.equal(follow(before, [['0', 'zero\n'], ['a', 'one\n'], ['b', 'now two\n'], ['c', 'three!']], 6), 15)
  assert.equal(follow(before, [['a', 'one\n'], ['c', 'three']], 6), 4, 'its line is gone: the next one')
  assert.equal(follow(before, [['a', 'one\n']], 10), 4, 'nothing comes after it')
  assert.equal(follow(before, before, 13), 13)
  assert.equal(follow([], [['a', 'x']], 0), 1)
})
