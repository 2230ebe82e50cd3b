# Apps for tests to run; after lib-test.sh.
# shellcheck shell=sh

# make_shell_app DIR: the `shell` template, as `unionml init` would make it.
make_shell_app() {
	mkdir -p "$1" && cp -R "$TOP/share/templates/shell/." "$1"
}

# make_basic_app DIR: the `basic` template, without its Python environment.
make_basic_app() {
	mkdir -p "$1" && cp -R "$TOP/share/templates/basic/." "$1"
}
