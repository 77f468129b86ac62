@NullMarked
package dev.scuttlebutt.store;

import org.jspecify.annotations.NullMarked;
