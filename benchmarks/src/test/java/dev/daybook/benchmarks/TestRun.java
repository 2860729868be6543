package dev.daybook.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.daybook.Rounds;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a test class, or one test, in a JVM of its own. Exit code 1: a test has failed, or there was none. */
final class TestRun {

    private TestRun() {}

    /** Argument: the name of the class, or of one of its tests. */
    public static void main(String[] args) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(args[0].contains("#") ? selectMethod(args[0]) : selectClass(args[0]))
                .filters(TagFilter.excludeTags("interop"))
                // how often a property was tried
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .configurationParameter("jqwik.reporting.onlyfailures", "false")
                .build();
        var results = new Results();
        LauncherFactory.create().execute(request, results);
        System.exit(results.passed > 0 && !results.hasFailed ? 0 : 1);
    }

    private static final class Results implements TestExecutionListener {

        /** In jqwik's report of a property. */
        private static final Pattern TRIES = Pattern.compile("(?m)^tries = (\\d+)");

        private int passed;
        private boolean hasFailed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                hasFailed = true;
                System.out.println("FAILED " + test.getDisplayName());
                result.getThrowable().ifPresent(why -> why.printStackTrace(System.out));
            } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            for (var text : entry.getKeyValuePairs().values()) {
                var tries = TRIES.matcher(text);
                if (tries.find()) {
                    Rounds.done(Long.parseLong(tries.group(1)), "tries of properties");
                }
            }
        }
    }
}
