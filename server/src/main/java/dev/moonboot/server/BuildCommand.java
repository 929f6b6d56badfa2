package dev.moonboot.server;

import picocli.CommandLine.Command;

/** {@code moonboot build}: what channels with a build are made of. */
@Command(
    name = "build",
    description = "Fix, check, compare, compose and push what channels with a build are made of.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      BuildLockCommand.class,
      BuildApplyCommand.class,
      BuildPushCommand.class,
      BuildCheckCommand.class,
      BuildDiffCommand.class,
      BuildShowCommand.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0   done",
      "  1   failed; check: an extension is refused; lock --check: something would move",
      "  2   wrong usage",
      "  3   apply, diff: refused by the service    4  it cannot be reached",
      "  78  the configuration cannot be used",
      "",
      "Examples:",
      "  moonboot build lock --config moonboot.yaml",
      "  moonboot build check --config moonboot.yaml compute",
      "  moonboot build apply --config moonboot.yaml --output out compute",
      "  moonboot build push --config moonboot.yaml compute"
    })
final class BuildCommand {}
