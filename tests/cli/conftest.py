from desk_fixtures import any_desk, desk, make_desk, profiles

__all__ = ["any_desk", "desk", "make_desk", "profiles"]
