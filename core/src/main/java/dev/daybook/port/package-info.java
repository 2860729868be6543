/**
 * What the life cycle needs of the world: a journal that keeps events and a projection that writes them into Git. Small: what the life
 * cycle needs, no more.
 *
 * <p>Public only because the journal and the projection must see it; not part of the API. Errors of the world come as
 * {@code dev.daybook.DaybookException}.
 */
@NullMarked
package dev.daybook.port;

import org.jspecify.annotations.NullMarked;
