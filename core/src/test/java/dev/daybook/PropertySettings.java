package dev.daybook;

import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Lets each property begin with the seed that {@code -Ddaybook.seed} gives, so that it says the same each time; and try no more often than
 * {@code -Ddaybook.tries} says, with one seed and without shrinking: mutation testing runs a property once for each way of breaking the code.
 * Without these nothing changes.
 */
public final class PropertySettings implements AroundPropertyHook {

    private static final int LIMIT = Integer.getInteger("daybook.tries", 0);
    private static final long SEED_OF_FEW = 20261127;

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        var attributes = context.attributes();
        if (LIMIT > 0) {
            attributes.setTries(Math.min(attributes.tries().orElse(LIMIT), LIMIT));
            attributes.setShrinking(ShrinkingMode.OFF);
        }
        if (LIMIT > 0 || System.getProperty("daybook.seed") != null) {
            attributes.setSeed(String.valueOf(Rounds.seed(SEED_OF_FEW)));
        }
        return property.execute();
    }
}
