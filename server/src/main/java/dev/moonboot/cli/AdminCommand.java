package dev.moonboot.cli;

import picocli.CommandLine.Command;

/** {@code moonboot admin}: what runs, asked and told what to do. */
@Command(
    name = "admin",
    description = "Ask a running moonboot what it does, and tell it what to boot.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      StatusCommand.class,
      ChannelsCommand.class,
      ReleasesCommand.class,
      PinsCommand.class,
      RollbackCommand.class,
      PromoteCommand.class,
      ProfilesCommand.class,
      GroupsCommand.class,
      ExplainCommand.class,
      BootsCommand.class,
      NodesCommand.class,
      AuditCommand.class,
      GcCommand.class,
      ScrubCommand.class,
      JobsCommand.class,
      DevicesCommand.class
    },
    footerHeading = "%nWhere and who:%n",
    footer = {
      "  address  --address, MOONBOOT_ADMIN_ADDRESS, or address: in the file below;",
      "           http://127.0.0.1:8090 when none says otherwise",
      "  token    --token-file, MOONBOOT_ADMIN_TOKEN, MOONBOOT_ADMIN_TOKEN_FILE, or token: or",
      "           token-file: in the file below; never on the command line",
      "  file     ~/.config/moonboot/admin.yaml (mode 0600 when a token is in it)",
      "",
      "On a terminal there are tables for people; elsewhere one line a row, tabs between exact",
      "values. --json gives the server's answer.",
      "",
      "Exit codes:",
      "  0  done    1  failed    2  wrong usage",
      "  3  refused: no token, or its role does not suffice    4  not reachable",
      "",
      "Examples:",
      "  moonboot admin status",
      "  moonboot admin pins set talos-arm64 v1.13.6 --reason 'first the lab'",
      "  moonboot admin rollback talos-arm64 --reason 'nodes hang at boot'",
      "  moonboot admin explain --mac 52:54:00:a1:9c:ae --arch arm64"
    })
public final class AdminCommand {}
