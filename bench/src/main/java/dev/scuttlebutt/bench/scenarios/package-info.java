/** What is measured, one class each. */
@NullMarked
package dev.scuttlebutt.bench.scenarios;

import org.jspecify.annotations.NullMarked;
