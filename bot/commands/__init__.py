"""The command line, a file per concern. Heavy imports happen inside the commands, so that --help is quick."""
