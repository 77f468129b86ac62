/**
 * JSON exactly as JavaScript reads and prints it.
 *
 * <p>Signatures cover the text that {@code JSON.stringify} prints, so number layout, member order and escapes have to
 * agree with ECMAScript to the byte. {@link dev.scuttlebutt.json.Json} is an immutable tree, {@link
 * dev.scuttlebutt.json.JsonReader} pulls values out of bytes or text, {@link dev.scuttlebutt.json.JsonWriter} prints
 * into a growing buffer.
 */
@NullMarked
package dev.scuttlebutt.json;

import org.jspecify.annotations.NullMarked;
