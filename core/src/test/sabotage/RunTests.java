import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests, named as {@code package.Class} or {@code package.Class#method}, up to the first one that fails. Prints {@code RAN class} of each class
 * of which a test has run, and {@code FAILED class#method message}. Exit code 1: one has failed.
 */
final class RunTests {

    private RunTests() {}

    public static void main(String... tests) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(tests).flatMap(RunTests::selectors).toList())
                .filters(TagFilter.excludeTags("deep", "interop"))
                .build();
        LauncherFactory.create().execute(request, new FirstFailure());
        System.exit(0);
    }

    private static Stream<DiscoverySelector> selectors(String test) {
        var parts = test.split("#", 2);
        if (parts.length == 1) {
            return Stream.of(selectClass(test));
        }
        try {
            return Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
                    .filter(method -> method.getName().equals(parts[1]))
                    .map(method -> selectMethod(method.getDeclaringClass(), method));
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final class FirstFailure implements TestExecutionListener {

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            var method = test.getSource().filter(MethodSource.class::isInstance).map(MethodSource.class::cast);
            boolean isFailure = result.getStatus() == TestExecutionResult.Status.FAILED;
            if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                method.ifPresent(of -> System.out.println("RAN " + of.getClassName()));
            }
            if (isFailure) {
                var where = method.map(of -> of.getClassName() + "#" + of.getMethodName()).orElse(test.getLegacyReportingName());
                System.out.println("FAILED " + where);
                result.getThrowable().ifPresent(why -> why.printStackTrace(System.out));
                System.out.flush();
                // not exit: a test that was stopped in the middle may hang in its hooks
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
