package dev.daybook;

import java.util.List;

/**
 * What a check of the journal has found.
 *
 * @param generations how many were read
 * @param experiments how many have a part in them
 * @param events how many were checked: checksum, number, counts, link of the chain
 * @param records how many metric values were checked: checksum, number
 * @param commits how many saved commits were compared with the chain in the journal
 * @param problems what is wrong, each one a sentence; empty if all is well
 */
public record Verification(
        long generations, long experiments, long events, long records, long commits, List<String> problems) {

    public Verification {
        problems = List.copyOf(problems);
    }

    public boolean isSound() {
        return problems.isEmpty();
    }
}
