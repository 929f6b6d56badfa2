package dev.moonboot.server;

import dev.moonboot.admin.NewToken;
import dev.moonboot.admin.Role;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code moonboot token}: a new token for the admin API. */
@Command(
    name = "token",
    description = {
      "Make a token for the admin API.",
      "Prints the line for the file that admin.tokens names, and the token, once: it is kept"
          + " nowhere."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  moonboot token ops --role operate")
final class TokenCommand implements Callable<Integer> {
  static final class RoleConverter implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
      return Role.of(text)
          .orElseThrow(() -> new TypeConversionException("expects read, operate or admin"));
    }
  }

  @Parameters(paramLabel = "NAME", description = "What the audit log calls its bearer.")
  private @Nullable String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      required = true,
      converter = RoleConverter.class,
      description = "read: see everything; operate: also pin, hold and refresh; admin: all.")
  private @Nullable Role role;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    NewToken token;
    try {
      token = NewToken.of(context.given(name, "NAME"), context.given(role, "--role"));
    } catch (IllegalArgumentException e) {
      throw context.wrongUsage(String.valueOf(e.getMessage()));
    }
    PrintWriter out = context.out();
    out.println("The line for the file of tokens (chmod 600):");
    out.println(token.line());
    out.println();
    out.println("The token, for its bearer:");
    out.println(token.secret());
    return ExitCode.OK;
  }
}
