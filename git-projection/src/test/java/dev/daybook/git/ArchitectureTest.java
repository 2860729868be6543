package dev.daybook.git;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.daybook.ArchitectureRules;
import java.io.IOException;
import org.eclipse.jgit.internal.storage.file.LockFile;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {

    private static final JavaClasses MODULE = ArchitectureRules.mainClassesOf("dev.daybook.git", "dev.daybook.cli");

    @Test
    void the_classes_of_this_module_and_no_tests_were_imported() {
        assertThat(MODULE.stream().map(JavaClass::getPackageName).distinct().toList())
                .containsExactlyInAnyOrder("dev.daybook.git", "dev.daybook.git.dvc", "dev.daybook.cli");
        assertThat(MODULE.contain(ArchitectureTest.class)).isFalse();
        assertThat(MODULE.contain(GitProjection.class)).isTrue();
    }

    @Test
    void every_package_is_null_marked_free_of_cycles_and_throws_what_it_says() {
        ArchitectureRules.all(MODULE);
    }

    @Test
    void git_knows_no_journal() {
        gitKnowsNoJournal().check(MODULE);
    }

    private static ArchRule gitKnowsNoJournal() {
        return noClasses()
                .that()
                .resideInAPackage("dev.daybook.git..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.openhft..", "dev.daybook.journal..", "dev.daybook.cli..");
    }

    @Test
    void the_files_of_dvc_know_nothing_of_git() {
        dvcKnowsNoGit().check(MODULE);
    }

    private static ArchRule dvcKnowsNoGit() {
        return noClasses()
                .that()
                .resideInAPackage("dev.daybook.git.dvc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.daybook.git", "org.eclipse.jgit..");
    }

    @Test
    void refs_are_written_in_one_place() {
        refsAreWrittenInOnePlace().check(MODULE);
    }

    private static ArchRule refsAreWrittenInOnePlace() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ExperimentRefs.class.getName())
                .should()
                .dependOnClassesThat()
                .areAssignableTo(RefUpdate.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(BatchRefUpdate.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(LockFile.class);
    }

    @Test
    void the_command_line_uses_the_api_alone() {
        cliUsesTheApiAlone().check(MODULE);
    }

    private static ArchRule cliUsesTheApiAlone() {
        return classes()
                .that()
                .resideInAPackage("dev.daybook.cli..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.daybook",
                        "dev.daybook.git",
                        "dev.daybook.cli..",
                        "picocli..",
                        "com.fasterxml.jackson..",
                        "org.jspecify.annotations",
                        "java.."));
    }

    @Test
    void the_public_face_of_git_shows_nothing_of_vavr() {
        ArchitectureRules.vavrIsInNoSignatureOf("dev.daybook.git").check(MODULE);
    }

    @Test
    void the_rules_see_what_they_forbid() {
        // tests may know all that the main classes may not
        var tests = new ClassFileImporter().importClasses(KnowsTooMuch.class);
        assertThatThrownBy(() -> gitKnowsNoJournal().check(tests))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("dev.daybook.journal.ChronicleJournalProvider");
        assertThatThrownBy(() -> refsAreWrittenInOnePlace().check(tests))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("RefUpdate.delete()")
                .hasMessageContaining("BatchRefUpdate.setAtomic(boolean)")
                .hasMessageContaining("LockFile.<init>");
    }

    static final class KnowsTooMuch {
        Class<?> journal() {
            return dev.daybook.journal.ChronicleJournalProvider.class;
        }

        void refs(Repository repository) throws IOException {
            repository.updateRef("refs/exps/x").delete();
            repository.getRefDatabase().newBatchUpdate().setAtomic(true);
            new LockFile(repository.getDirectory()).unlock();
        }
    }
}
