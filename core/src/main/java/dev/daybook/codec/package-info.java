/**
 * Events to bytes and back, by explicit type numbers and versions: a written journal replays for ever. Public only because the journal
 * must see it; not part of the API.
 */
@NullMarked
package dev.daybook.codec;

import org.jspecify.annotations.NullMarked;
