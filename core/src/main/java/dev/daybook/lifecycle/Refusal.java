package dev.daybook.lifecycle;

/** Why a command was not taken; the journal holds no trace of it. */
public sealed interface Refusal {

    /** One sentence for the user. */
    String message();

    /** The call does not exist in this phase. */
    record WrongPhase(Call call, String experiment, Phase phase) implements Refusal {
        @Override
        public String message() {
            return "cannot " + call.methodName() + ": experiment '" + experiment + "' is " + phase;
        }
    }

    /** The call exists, but not with this argument. */
    record BadArgument(String message) implements Refusal {}
}
