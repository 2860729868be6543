/**
 * The journal on Chronicle Queue: one directory per writing process, appended to through Chronicle, read without it.
 *
 * <p>In the order of a call: {@link dev.daybook.journal.ChronicleJournal} checks the condition against the experiment's stream, the frame
 * writer turns it into a document, the queue writer makes it durable; the queue file finds it again, the frame reader checks it, and the
 * generation gives it out. Only the provider is public, because {@link java.util.ServiceLoader} must see it; nothing here is part of the
 * API.
 */
@NullMarked
package dev.daybook.journal;

import org.jspecify.annotations.NullMarked;
