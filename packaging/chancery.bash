# Commands and flags are completed by the program itself.
complete -o default -o bashdefault -C /usr/bin/chancery chancery
