package dev.daybook;

import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Makes each property try no more often than {@code -Ddaybook.tries} says, with one seed and without shrinking: mutation testing runs a property once
 * for each way of breaking the code. Without that nothing changes.
 */
public final class FewTries implements AroundPropertyHook {

    private static final int LIMIT = Integer.getInteger("daybook.tries", 0);
    private static final String SEED = "20261127";

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (LIMIT > 0) {
            var attributes = context.attributes();
            attributes.setTries(Math.min(attributes.tries().orElse(LIMIT), LIMIT));
            attributes.setSeed(SEED);
            attributes.setShrinking(ShrinkingMode.OFF);
        }
        return property.execute();
    }
}
