/**
 * The life cycle of an experiment as pure functions: commands, the decider that turns them into events or a refusal, the events, and the
 * fold that turns events into state.
 *
 * <p>Nothing in here reads a clock, a file or a random number: time, ids and the environment come in with the commands. Public only because
 * the journal, the projection and the codec must see it; not part of the API.
 */
@NullMarked
package dev.daybook.lifecycle;

import org.jspecify.annotations.NullMarked;
