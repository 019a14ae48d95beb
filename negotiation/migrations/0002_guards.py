"""Rules of honesty that no code path may bypass."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION competing_offer_is_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.competing_revision_id IS NOT NULL AND NOT EXISTS (
        SELECT 1
        FROM offers_offerrevision AS cited
        JOIN offers_offer AS rival ON rival.id = cited.offer_id
        JOIN negotiation_negotiation AS talk ON talk.id = NEW.negotiation_id
        JOIN offers_offer AS own ON own.id = talk.offer_id
        WHERE cited.id = NEW.competing_revision_id
          AND cited.source = 'written'
          AND rival.owner_id = own.owner_id
          AND rival.id <> own.id
    ) THEN
        RAISE EXCEPTION 'a competing offer must be another written offer of the same person'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER competing_offer_is_written
    BEFORE INSERT OR UPDATE OF competing_revision_id, negotiation_id ON negotiation_evidence
    FOR EACH ROW EXECUTE FUNCTION competing_offer_is_written();

CREATE FUNCTION ask_waits_for_the_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'put' AND NOT EXISTS (
        SELECT 1
        FROM negotiation_negotiation AS talk
        JOIN offers_offerrevision AS letter ON letter.offer_id = talk.offer_id
        WHERE talk.id = NEW.negotiation_id AND letter.source = 'written'
    ) THEN
        RAISE EXCEPTION 'nothing is asked for before a written offer'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ask_waits_for_the_letter BEFORE INSERT OR UPDATE OF state ON negotiation_ask
    FOR EACH ROW EXECUTE FUNCTION ask_waits_for_the_letter();

CREATE FUNCTION script_version_keeps_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.template_id, NEW.number, NEW.title, NEW.subject, NEW.body, NEW.slots, NEW.preconditions)
        IS DISTINCT FROM
       (OLD.template_id, OLD.number, OLD.title, OLD.subject, OLD.body, OLD.slots, OLD.preconditions)
    THEN
        RAISE EXCEPTION 'a version of a script never changes its words'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER script_version_keeps_its_words BEFORE UPDATE ON negotiation_scripttemplateversion
    FOR EACH ROW EXECUTE FUNCTION script_version_keeps_its_words();
"""

BACKWARD = """
DROP FUNCTION script_version_keeps_its_words() CASCADE;
DROP FUNCTION ask_waits_for_the_letter() CASCADE;
DROP FUNCTION competing_offer_is_written() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("negotiation", "0001_initial"), ("offers", "0003_draft_published_once")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
