// The roles of the one static program that sampan embeds. argv[1] chooses.
#pragma once

// Carries out init's steps of a launch plan and becomes the container's program.
// argv: program, "init", number of the socket descriptor to the runtime.
int init_main(int argc, char** argv);

// Stays with a foreground container: forwards signals, relays the terminal, waits, cleans up.
int attend_main(int argc, char** argv);

// Prints what is isolated around it: the program of `sampan demo`.
int report_main();

// Tries what containers need of this kernel, for `sampan check`, and says on standard error how
// that went. argv[2]: `root`, or `user` for who can do it only in a user namespace; without it
// nothing is done, which makes the program of a container that is only tried.
int probe_main(int argc, char** argv);
