package dev.daybook.git;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A repository that is hard to record: what its work tree, index, attributes and settings may be like.
 *
 * @param isWithUntracked whether all untracked files belong to the code
 * @param way how it is to be recorded
 * @param script makes it of a copy of the template, see {@link Shell#template}, and ends in the folder that is looked at
 */
record Shape(String name, boolean isWithUntracked, Way way, String script) {

    /** Who records it. Whatever the way, the tree is git's. */
    enum Way {
        /** Daybook itself, even where there is no git. */
        JGIT,
        /** git; without it the snapshot is refused. */
        GIT,
        /** Nobody: git refuses too. */
        REFUSED,
        /** Nobody, although git would: the code is nobody's, or the repository of a kind that Daybook does not know. */
        UNSUPPORTED
    }

    static final List<Shape> ALL = new ArrayList<>();

    /** What the scripts use besides the shell. */
    private static final String EDIT = "edit() { echo more >> a.txt; }\n";

    /** The server of filter.NAME.process in Python: upper case. */
    private static final String FILTER = """
            cat > .git/filter.py <<'END'
            import sys
            i, o = sys.stdin.buffer, sys.stdout.buffer
            def read():
                n = i.read(4)
                if not n: sys.exit()
                n = int(n, 16)
                return i.read(n - 4) if n else None
            def readall():
                return list(iter(read, None))
            def write(*parts):
                for p in parts: o.write(b"%04x" % (len(p) + 4) + p)
                o.write(b"0000")
                o.flush()
            readall()
            write(b"git-filter-server\\n", b"version=2\\n")
            readall()
            write(b"capability=clean\\n")
            while True:
                readall()
                content = b"".join(readall())
                write(b"status=success\\n")
                write(content.upper())
                write()
            END
            """;

    @Override
    public String toString() {
        return name;
    }

    /** Makes it, and gives its work tree. */
    Path make(Shell shell, Path template) {
        var lines =
                shell.sh(shell.copy(template), EDIT + script + "\npwd").lines().toList();
        return Path.of(lines.get(lines.size() - 1));
    }

    private static void tracked(String name, Way way, String script) {
        ALL.add(new Shape(name, false, way, script));
    }

    private static void untracked(String name, Way way, String script) {
        ALL.add(new Shape(name, true, way, script));
    }

    static {
        contents();
        types();
        staged();
        conversions();
        attributes();
        settings();
        indexes();
        submodules();
        clones();
        names();
        filesBeside();
        unfinished();
    }

    private static void contents() {
        tracked("nothing changed", Way.JGIT, "");
        tracked("nothing changed, and the index as old as the files", Way.JGIT, "touch a.txt; git add -u");
        tracked("a changed file", Way.JGIT, "edit");
        tracked("two changed files, one of them deep", Way.JGIT, "edit; echo more >> sub/deep/d.txt");
        tracked(
                "an edit of the same size in the moment of git add",
                Way.JGIT,
                "echo 1 > a.txt; git add -u; echo 2 > a.txt");
        tracked(
                "an edit of the same size with the time set back",
                Way.JGIT,
                "sleep 1; tr a z < a.txt > new; touch -r a.txt new; cat new > a.txt; touch -r new a.txt; rm new");
        tracked(
                "a replaced file of the same size and time",
                Way.JGIT,
                "tr a z < a.txt > new; touch -r a.txt new; mv new a.txt");
        tracked("a touched file", Way.JGIT, "touch a.txt");
        tracked("a file that became empty", Way.JGIT, ": > a.txt");
        tracked("a file that was empty", Way.JGIT, ": > a.txt; git add -u; echo x > a.txt");
        tracked("a deleted file", Way.JGIT, "rm a.txt");
        tracked("a deleted folder", Way.JGIT, "rm -r sub");
        tracked("all files deleted", Way.JGIT, "git ls-files -z | xargs -0 rm");
        tracked("a moved file", Way.JGIT, "mv a.txt moved.txt");
        tracked(
                "a large file",
                Way.JGIT,
                "git config core.bigFileThreshold 1k; git config core.safecrlf true; head -c 3000000 /dev/urandom > a.txt");
        tracked(
                "a tracked file that is ignored",
                Way.JGIT,
                "echo x > t.log; git add -f t.log; git commit -qm t; echo y > t.log");
    }

    private static void types() {
        tracked("an executable file", Way.JGIT, "chmod +x a.txt");
        tracked("no executable file any more", Way.JGIT, "chmod -x run.sh");
        tracked("permissions that git does not keep", Way.JGIT, "chmod 640 a.txt");
        tracked("a link with another target", Way.JGIT, "ln -sfn sub link");
        tracked("a link that leads nowhere", Way.JGIT, "ln -sfn nowhere/at/all link");
        tracked("a link that leads out", Way.JGIT, "ln -sfn /etc/passwd link");
        tracked("a file that became a link", Way.JGIT, "ln -sfn b.txt a.txt");
        tracked("a link that became a file", Way.JGIT, "rm link; echo file > link");
        tracked("a file that became a folder", Way.JGIT, "rm a.txt; mkdir a.txt; echo x > a.txt/x");
        tracked("a folder that became a file", Way.JGIT, "rm -r sub; echo x > sub");
        tracked("a folder that became a link to itself", Way.GIT, "rm -r sub; ln -s sub sub");
        tracked("a folder that became a link that leads nowhere", Way.JGIT, "rm -r sub; ln -s nowhere sub");
        tracked("a folder that became a link to a file", Way.JGIT, "rm -r sub; ln -s a.txt sub");
        tracked("a folder that became a link to its like", Way.JGIT, "mv sub away; ln -s away sub");
        tracked(
                "a file that became a repository",
                Way.GIT,
                "rm a.txt; git init -q a.txt; git -C a.txt commit -q --allow-empty -m x");
        tracked("a link to a name that is not UTF-8", Way.GIT, "ln -sfn \"$(printf 'l\\344')\" link");
        tracked("a tracked pipe", Way.REFUSED, "rm a.txt; mkfifo a.txt");
        tracked("an untracked pipe", Way.JGIT, "edit; mkfifo pipe sub/pipe");
    }

    private static void staged() {
        tracked("a staged edit", Way.JGIT, "edit; git add -u");
        tracked("a staged edit and another", Way.JGIT, "edit; git add -u; edit");
        tracked("a staged new file", Way.JGIT, "echo x > new.txt; git add new.txt");
        tracked("a staged new file that is gone", Way.JGIT, "echo x > new.txt; git add new.txt; rm new.txt");
        tracked("a file that is only out of the index", Way.JGIT, "git rm -q --cached a.txt");
        tracked("a staged permission that the file does not have", Way.JGIT, "git update-index --chmod=+x a.txt");
        tracked("an intended file", Way.GIT, "echo x > new.txt; git add -N new.txt");
        tracked("an intended file that is gone", Way.GIT, "echo x > new.txt; git add -N new.txt; rm new.txt");
        tracked("a file that is assumed to be unchanged", Way.GIT, "git update-index --assume-unchanged a.txt; edit");
        tracked("a file that is skipped", Way.GIT, "git update-index --skip-worktree a.txt; rm a.txt");
        tracked("a file that is skipped and there", Way.GIT, "git update-index --skip-worktree a.txt; edit");
        tracked(
                "a staged object that is lost",
                Way.REFUSED,
                "echo lost > sub/new; touch -d '1 hour ago' sub/new; git add sub/new; rm -rf .git/objects/$(git rev-parse :sub/new | sed 's,^..,&/,')");
    }

    private static void conversions() {
        tracked("core.autocrlf true", Way.GIT, "git config core.autocrlf true; printf 'a\\r\\nb\\r\\n' > a.txt");
        tracked("core.autocrlf input", Way.GIT, "git config core.autocrlf input; printf 'a\\r\\nb\\r\\n' > a.txt");
        tracked("core.autocrlf, and nothing changed", Way.JGIT, "git config core.autocrlf true");
        tracked("CRLF without a setting", Way.JGIT, "printf 'a\\r\\nb\\r\\n' > a.txt");
        tracked(
                "CRLF in the index",
                Way.GIT,
                "printf 'a\\r\\n' > a.txt; git add -u; git commit -qm c; git config core.autocrlf true; printf 'b\\r\\n' >> a.txt");
        tracked("eol by attribute", Way.GIT, "echo '*.txt text eol=crlf' > .gitattributes; printf 'a\\r\\n' > a.txt");
        tracked("ident", Way.GIT, "echo '*.txt ident' > .gitattributes; echo '$Id: old $' > a.txt");
        tracked(
                "working-tree-encoding",
                Way.GIT,
                "echo 'a.txt working-tree-encoding=UTF-16LE-BOM' > .gitattributes; printf '\\377\\376a\\0\\n\\0' > a.txt");
        tracked(
                "a clean filter",
                Way.GIT,
                "echo '*.txt filter=up' > .gitattributes; git config filter.up.clean 'tr a-z A-Z'; edit");
        tracked(
                "a clean filter that is given the path",
                Way.GIT,
                "echo '*.txt filter=p' > .gitattributes; git config filter.p.clean 'cat; echo %f'; edit");
        tracked(
                "a clean filter that counts letters",
                Way.GIT,
                "echo '*.txt filter=x' > .gitattributes; git config filter.x.clean 'sed s/./x/g'; printf 'h\\303\\251\\n' > a.txt");
        tracked(
                "a filter process",
                Way.GIT,
                FILTER
                        + "echo '*.txt filter=p' > .gitattributes; git config filter.p.process 'python3 .git/filter.py'; edit");
        tracked(
                "a filter without a driver",
                Way.GIT,
                "echo '*.txt filter=lfs diff=lfs merge=lfs -text' > .gitattributes; edit");
        tracked(
                "a required filter that is missing",
                Way.REFUSED,
                "echo '*.txt filter=lfs' > .gitattributes; git config filter.lfs.clean 'no-such-lfs clean'; git config filter.lfs.required true; edit");
    }

    private static void attributes() {
        tracked(
                "attributes in a folder",
                Way.GIT,
                "echo '*.txt text' > sub/.gitattributes; printf 'a\\r\\n' > sub/deep/d.txt");
        tracked(
                "attributes in another folder",
                Way.JGIT,
                "echo '*.txt text' > sub/.gitattributes; printf 'a\\r\\n' > a.txt");
        tracked(
                "attributes in the index only",
                Way.GIT,
                "echo '*.txt text' > .gitattributes; git add .gitattributes; git commit -qm a; rm .gitattributes; printf 'a\\r\\n' > a.txt");
        tracked(
                "attributes in .git/info, by a macro",
                Way.GIT,
                "printf '[attr]win text eol=crlf\\n*.txt win\\n' > .git/info/attributes; printf 'a\\r\\n' > a.txt");
        tracked(
                "attributes by core.attributesFile",
                Way.GIT,
                "echo '*.txt text' > .git/attr; git config core.attributesFile \"$PWD/.git/attr\"; printf 'a\\r\\n' > a.txt");
        tracked(
                "attributes of the user",
                Way.GIT,
                "mkdir -p \"$HOME/.config/git\"; echo '*.txt text' > \"$HOME/.config/git/attributes\"; printf 'a\\r\\n' > a.txt");
        tracked(
                "attributes that convert nothing",
                Way.JGIT,
                "echo '*.py linguist-vendored diff=python' > .gitattributes; git add .gitattributes; git commit -qm a; edit");
        tracked(
                "attributes, and nothing changed",
                Way.JGIT,
                "echo '*.txt text eol=crlf' > .gitattributes; git add .gitattributes; git commit -qm a; sleep 1; git add -u; touch -d '1 hour ago' .gitattributes; git update-index -q --refresh");
    }

    private static void settings() {
        tracked("core.fileMode false", Way.GIT, "git config core.fileMode false; chmod +x a.txt; edit");
        tracked("core.symlinks false", Way.GIT, "git config core.symlinks false; rm link; printf b.txt > link");
        tracked("core.ignoreCase", Way.GIT, "git config core.ignoreCase true; mv a.txt A.txt");
        tracked("core.precomposeUnicode", Way.GIT, "git config core.precomposeUnicode true; edit");
        tracked("core.trustctime false", Way.GIT, "git config core.trustctime false; edit");
        tracked("core.checkStat minimal", Way.GIT, "git config core.checkStat minimal; edit");
        tracked("core.ignoreStat", Way.GIT, "git config core.ignoreStat true; edit");
        tracked("core.worktree", Way.JGIT, "git config core.worktree ..; edit");
        tracked(
                "an included configuration",
                Way.GIT,
                "git config -f .git/more core.autocrlf true; git config include.path more; printf 'a\\r\\n' > a.txt");
        tracked(
                "an included configuration behind another section",
                Way.GIT,
                "git config -f .git/more core.autocrlf true; printf '[core] [Include]\\n\\tpath = more\\n' >> .git/config; printf 'a\\r\\n' > a.txt");
        tracked(
                "a configuration that is included on a condition behind another section",
                Way.GIT,
                "git config -f .git/more core.autocrlf true; printf '[core] [includeIf \"gitdir:%s/\"]\\n\\tpath = more\\n' \"$PWD\" >> .git/config; printf 'a\\r\\n' > a.txt");
        tracked(
                "a setting on the line of its section",
                Way.GIT,
                "printf '[core] autocrlf = true\\n' >> .git/config; printf 'a\\r\\n' > a.txt");
        tracked(
                "a comment on the line of a section",
                Way.JGIT,
                "printf '[core] # [here]\\n\\tbare = false\\n[core];\\n' >> .git/config; edit");
        tracked(
                "a configuration that is included on a condition",
                Way.GIT,
                "git config -f .git/more core.autocrlf true; git config \"includeIf.gitdir:$PWD/.path\" more; printf 'a\\r\\n' > a.txt");
        tracked(
                "a setting without a value",
                Way.GIT,
                "printf '[core]\\n\\tautocrlf\\n' >> .git/config; printf 'a\\r\\n' > a.txt");
        tracked("feature.manyFiles", Way.JGIT, "git config feature.manyFiles true; rm .git/index; git reset -q; edit");
        tracked(
                "a setting of a linked worktree",
                Way.GIT,
                "git config extensions.worktreeConfig true; git config --worktree core.autocrlf true; printf 'a\\r\\n' > a.txt");
    }

    private static void indexes() {
        tracked("index version 3", Way.GIT, "git update-index --skip-worktree b.txt; edit");
        tracked("index version 4", Way.JGIT, "git update-index --index-version 4; edit");
        tracked(
                "index version 4 with long names",
                Way.JGIT,
                "p=$(printf '%0200d' 0); mkdir $p; echo x > $p/x; echo y > $p/y; echo z > z; git add .; git update-index --index-version 4; echo more > $p/y");
        tracked(
                "an index without a checksum",
                Way.JGIT,
                "git config index.skipHash true; git update-index --force-write-index 2> /dev/null || git update-index --chmod=+x a.txt; edit");
        tracked(
                "an index that remembers no trees",
                Way.JGIT,
                "git ls-files -s > .git/l; rm .git/index; git update-index --index-info < .git/l; edit");
        tracked("no index", Way.JGIT, "rm .git/index");
        tracked("a damaged index", Way.REFUSED, "head -c 100 .git/index > .git/i; mv .git/i .git/index");
        tracked("a split index", Way.GIT, "git update-index --split-index; edit");
        tracked(
                "an untracked cache",
                Way.JGIT,
                "git update-index --force-untracked-cache; git status > /dev/null; edit");
        tracked(
                "a file system monitor",
                Way.JGIT,
                "git config core.fsmonitor true; git -c core.fsmonitor=false update-index --fsmonitor 2> /dev/null; edit");
        tracked("a sparse checkout", Way.GIT, "git sparse-checkout set --cone sub; echo x >> sub/c.txt");
        tracked(
                "a sparse index",
                Way.GIT,
                "git sparse-checkout init --cone --sparse-index; git sparse-checkout set sub; echo x >> sub/c.txt");
    }

    private static void submodules() {
        var add = "git init -q ../m; git -C ../m commit -q --allow-empty -m m;"
                + " git -c protocol.file.allow=always submodule --quiet add \"$PWD/../m\" m; git commit -qm m;";
        tracked("a submodule", Way.GIT, add + "edit");
        tracked("a submodule with another commit", Way.GIT, add + "git -C m commit -q --allow-empty -m n");
        tracked("a submodule that is not checked out", Way.GIT, add + "git submodule --quiet deinit -f m; edit");
        tracked("a submodule without its folder", Way.GIT, add + "git submodule --quiet deinit -f m; rm -r m");
    }

    private static void clones() {
        tracked("a detached HEAD", Way.JGIT, "git checkout -q --detach; edit");
        tracked("alternates", Way.JGIT, "git clone -q --shared . ../c; cd ../c; edit");
        tracked("a shallow clone", Way.JGIT, "git clone -q --depth 1 \"file://$PWD\" ../c; cd ../c; edit");
        tracked(
                "a partial clone",
                Way.JGIT,
                "git config uploadpack.allowFilter true; git clone -q --filter=blob:none \"file://$PWD\" ../c; cd ../c; edit");
        tracked("packed objects", Way.JGIT, "git gc -q; edit");
        tracked("a linked worktree", Way.JGIT, "git worktree add -q ../c; cd ../c; edit");
        tracked(
                "objects named by SHA-256",
                Way.UNSUPPORTED,
                "git init -q --object-format=sha256 ../c; cd ../c; echo x > a.txt; git add .; git commit -qm x; edit");
        tracked("no commit yet", Way.UNSUPPORTED, "git init -q ../c; cd ../c; echo x > a.txt; git add .");
    }

    private static void names() {
        tracked(
                "names that are not ASCII",
                Way.JGIT,
                "mkdir ü; echo x > ü/日本.txt; git add .; git commit -qm n; edit; echo y > ü/日本.txt");
        tracked(
                "a name that is not UTF-8",
                Way.GIT,
                "n=$(printf 'l\\344tin1'); echo x > $n; git add .; git commit -qm n; echo y > $n");
        tracked(
                "names that a shell would trip over",
                Way.JGIT,
                "for n in ' lead' '-n' 'q\"uote' 'back\\slash' 'new\nline' '*'; do echo x > \"$n\"; done; git add .; git commit -qm n; for n in ' lead' 'back\\slash' 'new\nline'; do echo y > \"$n\"; done");
        tracked(
                "names around a folder's in the order of bytes",
                Way.JGIT,
                "mkdir o; for n in o- o. o0 o/x o.d; do echo x > $n; done; git add .; git commit -qm n; for n in o- o. o0 o/x; do echo y > $n; done");
        tracked("a rename of case only", Way.JGIT, "mv a.txt A.txt");
    }

    private static void filesBeside() {
        untracked(
                "untracked files", Way.GIT, "edit; echo x > new.txt; mkdir n; echo y > n/y; echo z > z.log; rm b.txt");
        untracked("an untracked pipe beside files", Way.GIT, "mkfifo pipe; echo x > new.txt");
        untracked("untracked links", Way.GIT, "ln -s nowhere l1; ln -s sub l2");
        untracked(
                "untracked executables",
                Way.GIT,
                "cp run.sh more.sh; git config core.fileMode false; cp run.sh most.sh");
        untracked("a file that became a folder of untracked files", Way.GIT, "rm a.txt; mkdir a.txt; echo x > a.txt/x");
        untracked("a folder that became an untracked file", Way.GIT, "rm -r sub; echo x > sub");
        untracked("a folder that became an untracked link", Way.GIT, "mv sub away; ln -s away sub");
        untracked(
                "attributes of untracked files",
                Way.GIT,
                "echo '*.txt text' > .gitattributes; printf 'a\\r\\n' > new.txt");
        untracked(
                "core.excludesFile",
                Way.GIT,
                "echo new.txt > .git/ex; git config core.excludesFile \"$PWD/.git/ex\"; echo x > new.txt; echo y > newer.txt");
        untracked(
                "an untracked repository",
                Way.GIT,
                "git init -q nest; git -C nest commit -q --allow-empty -m x; echo x > new.txt");
        untracked("core.ignoreCase and an untracked file", Way.GIT, "git config core.ignoreCase true; mv a.txt A.txt");
        untracked("untracked names that are not UTF-8", Way.GIT, "echo x > \"$(printf 'l\\344tin1')\"");
    }

    private static void unfinished() {
        var sides =
                "git checkout -q -b side; echo side > a.txt; git commit -qam side; git checkout -q main; echo main > a.txt; git commit -qam main;";
        tracked(
                "a conflict",
                Way.UNSUPPORTED,
                sides + "git merge -q side > /dev/null || rm .git/MERGE_*; echo x > a.txt");
        tracked("a merge", Way.UNSUPPORTED, sides + "git merge -q side > /dev/null || git add -u");
        tracked("a cherry-pick", Way.UNSUPPORTED, sides + "git cherry-pick side > /dev/null 2>&1 || git add -u");
        tracked("a revert", Way.UNSUPPORTED, sides + "git revert --no-edit main~1 > /dev/null 2>&1 || git add -u");
        tracked("a rebase", Way.UNSUPPORTED, sides + "git rebase -q side > /dev/null 2>&1 || git add -u");
        tracked("a bisection", Way.JGIT, sides + "git bisect start -q main main~1 > /dev/null; edit");
    }
}
