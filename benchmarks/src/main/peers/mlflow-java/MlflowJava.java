import dev.daybook.benchmarks.peers.Worker;
import java.io.IOException;
import org.mlflow.tracking.ActiveRun;
import org.mlflow.tracking.MlflowContext;

/** MLflow's Java client: {@code ActiveRun.logMetric} for each value, against the server at the given address. */
final class MlflowJava {

    private MlflowJava() {}

    public static void main(String[] args) throws IOException {
        var context = new MlflowContext(args[0]);
        Worker.serve(new Worker.Tracker() {
            @Override
            public Worker.Run open() {
                return new Run(context.startRun("peer"));
            }

            @Override
            public long count() {
                throw new UnsupportedOperationException("read the server's store with MLflow itself");
            }
        });
    }

    private record Run(ActiveRun run) implements Worker.Run {
        @Override
        public void log(int step, double loss, double acc, double lr) {
            run.logMetric("loss", loss, step);
            run.logMetric("acc", acc, step);
            run.logMetric("lr", lr, step);
        }

        @Override
        public void close() {
            run.endRun();
        }
    }
}
