"""The rules that no code path may bypass: legal moves of an offer, and history that stays."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION offer_moves_legally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('verbal', 'written') THEN
            RAISE EXCEPTION 'an offer begins verbal or written' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.state <> OLD.state AND NOT (
        CASE OLD.state
            WHEN 'verbal' THEN NEW.state IN ('written', 'negotiating', 'declined', 'expired', 'withdrawn')
            WHEN 'written' THEN NEW.state IN ('negotiating', 'accepted', 'declined', 'expired', 'withdrawn')
            WHEN 'negotiating' THEN NEW.state IN ('written', 'accepted', 'declined', 'expired', 'withdrawn')
            WHEN 'accepted' THEN NEW.state = 'withdrawn'
            WHEN 'declined' THEN NEW.state = 'negotiating'
            WHEN 'expired' THEN NEW.state IN ('negotiating', 'declined')
            ELSE false
        END
    ) THEN
        RAISE EXCEPTION 'an offer cannot make this move' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER offer_moves_legally BEFORE INSERT OR UPDATE OF state ON offers_offer
    FOR EACH ROW EXECUTE FUNCTION offer_moves_legally();

CREATE FUNCTION parley_is_erasing() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('parley.erasing', true), '') = 'on' $$;

CREATE FUNCTION superseded_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL AND NOT (TG_OP = 'DELETE' AND parley_is_erasing()) THEN
        RAISE EXCEPTION 'a superseded revision never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER superseded_revision_stays BEFORE UPDATE OR DELETE ON offers_offerrevision
    FOR EACH ROW EXECUTE FUNCTION superseded_revision_stays();

CREATE FUNCTION terms_of_superseded_revision_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parents bigint[] := ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END
    ];
BEGIN
    IF NOT (TG_OP = 'DELETE' AND parley_is_erasing()) AND EXISTS (
        SELECT 1 FROM offers_offerrevision
        WHERE id = ANY (parents) AND superseded_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the terms of a superseded revision never change'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER terms_of_superseded_revision_stay BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION terms_of_superseded_revision_stay();
"""
    for table in ("offers_equitygrant", "offers_cashpayment", "offers_benefit")
)

BACKWARD = """
DROP FUNCTION terms_of_superseded_revision_stay() CASCADE;
DROP FUNCTION superseded_revision_stays() CASCADE;
DROP FUNCTION parley_is_erasing() CASCADE;
DROP FUNCTION offer_moves_legally() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
