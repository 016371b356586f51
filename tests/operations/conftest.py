from desk_fixtures import any_desk, desk, goes_on_with_it, left, make_desk, profiles, replacing

__all__ = ["any_desk", "desk", "goes_on_with_it", "left", "make_desk", "profiles", "replacing"]
