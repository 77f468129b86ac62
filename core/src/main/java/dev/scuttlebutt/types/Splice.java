package dev.scuttlebutt.types;

import dev.scuttlebutt.json.Json;
import java.util.List;

/**
 * What happened at one place of an {@link RArray}, in terms of indexes.
 *
 * @param index where, after the splices before this one in the same event
 * @param removed the values that were there
 * @param inserted the values that are there now
 */
public record Splice(int index, List<Json> removed, List<Json> inserted) {}
