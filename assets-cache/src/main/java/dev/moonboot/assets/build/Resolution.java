package dev.moonboot.assets.build;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh;
import java.util.List;

/** What resolving a composition led to. */
public sealed interface Resolution {
  /**
   * Every input has its digest.
   *
   * @param catalogs what said which images official extensions are: not in the recipe, as they
   *     change nothing in the bytes, but as much a matter of trust as what is in it
   */
  record Fixed(Recipe recipe, List<Recipe.Input> catalogs) implements Resolution {
    public Fixed {
      catalogs = List.copyOf(catalogs);
    }

    /** Of the release that is to be made. */
    public Digest digest() {
      return RecipeText.digest(recipe);
    }
  }

  /**
   * Not all have.
   *
   * @param outcome rejected, held or failed
   */
  record Not(Refresh outcome) implements Resolution {}
}
