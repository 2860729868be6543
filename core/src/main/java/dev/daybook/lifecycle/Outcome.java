package dev.daybook.lifecycle;

import java.util.Optional;

/**
 * How an experiment ended.
 *
 * @param failure the message of what made it fail; empty for success
 */
public record Outcome(Optional<String> failure) {

    public static Outcome succeeded() {
        return new Outcome(Optional.empty());
    }

    public static Outcome failed(String message) {
        return new Outcome(Optional.of(message));
    }

    public boolean isFailure() {
        return failure.isPresent();
    }

    @Override
    public String toString() {
        return failure.map(message -> "failed: " + message).orElse("succeeded");
    }
}
