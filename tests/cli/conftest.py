from desk_fixtures import desk, make_desk, profiles

__all__ = ["desk", "make_desk", "profiles"]
