"""English phrases that survey comments are assembled from."""

from __future__ import annotations

from typing import Final

BAD, MIXED, GOOD = 0, 1, 2

OPENERS: Final = (
    (
        "Not happy. ",
        "Very disappointing. ",
        "I expected better. ",
        "This has to improve. ",
        "Frustrating from start to end. ",
        "",
        "",
    ),
    ("Mixed feelings. ", "It was all right. ", "Some good, some bad. ", "Could be better. ", ""),
    (
        "Very satisfied. ",
        "Thank you! ",
        "Great service. ",
        "No complaints at all. ",
        "A pleasant surprise. ",
        "",
        "",
    ),
)
"""First words by mood: bad, mixed, good."""

TOUCHPOINTS: Final = {
    "Enquiry": (
        (
            "I asked the same question three times and got three answers. ",
            "The person I asked could not tell me which form I need. ",
            "My question was never really answered. ",
        ),
        (
            "My question was answered in two minutes. ",
            "I got a clear answer the first time I asked. ",
            "The explanation of the tariff was easy to follow. ",
        ),
    ),
    "Appointment": (
        (
            "The next free appointment was five weeks away. ",
            "I took a day off and the appointment was moved the evening before. ",
            "Booking a visit took four calls. ",
        ),
        (
            "I booked the visit online in a minute. ",
            "I could choose a time that suited me. ",
            "The reminder the day before was helpful. ",
        ),
    ),
    "Reception": (
        (
            "I stood at the desk for ten minutes before anybody looked up. ",
            "The ticket machine was broken and nobody knew whose turn it was. ",
            "I was sent from one counter to the next. ",
        ),
        (
            "I was greeted at once and shown where to go. ",
            "The lady at the desk was friendly and quick. ",
            "Hardly any queue and a warm welcome. ",
        ),
    ),
    "Diagnosis": (
        (
            "Two technicians gave two different reasons for the fault. ",
            "The real fault was only found on the third visit. ",
            "He tested for an hour and then said he was the wrong person. ",
        ),
        (
            "The fault was found within minutes. ",
            "The technician explained what was wrong in plain words. ",
            "Careful check, even of things I had not mentioned. ",
        ),
    ),
    "Quotation": (
        (
            "The final price was far above the quotation. ",
            "I waited three weeks for a simple quotation. ",
            "The quotation was full of items nobody could explain. ",
        ),
        (
            "The quotation arrived the same day and was clear. ",
            "The price was exactly what had been quoted. ",
            "Each item of the quotation was explained to me. ",
        ),
    ),
    "Service delivery": (
        (
            "The water was off for a day and nobody had told us. ",
            "They left before the job was finished. ",
            "The same fault was back a week later. ",
        ),
        (
            "The work was done on time and left clean. ",
            "The supply was back earlier than announced. ",
            "The crew worked quickly and carefully. ",
        ),
    ),
    "Handover": (
        (
            "Nobody showed me how the new meter works. ",
            "I had to sign before I could check anything. ",
            "Papers were missing at the handover. ",
        ),
        (
            "Everything was shown and explained at the handover. ",
            "All papers were ready and in order. ",
            "They waited until I had tried it myself. ",
        ),
    ),
    "Billing": (
        (
            "The bill is an estimate again although I sent the reading. ",
            "I paid and still got a reminder. ",
            "The bill is so complicated that I cannot check it. ",
        ),
        (
            "The bill is clear and correct. ",
            "The refund was on my account within days. ",
            "I like the chart of my consumption on the bill. ",
        ),
    ),
    "Follow-up": (
        (
            "Someone was going to call me back; I am still waiting. ",
            "After the visit I never heard anything again. ",
            "The follow-up call came two months later. ",
        ),
        (
            "They called a week later to ask if all was well. ",
            "The follow-up was quick and personal. ",
            "I was kept informed until it was closed. ",
        ),
    ),
    "Complaint handling": (
        (
            "My complaint was answered with a standard letter. ",
            "I had to tell the whole story again to each person. ",
            "It took weeks until somebody felt responsible. ",
        ),
        (
            "My complaint was taken seriously and solved in two days. ",
            "They apologised and put it right. ",
            "One person looked after my complaint until the end. ",
        ),
    ),
}
"""What happened, by touchpoint: bad, then good."""

DIMENSIONS: Final = {
    "tangibles": (
        ("The rooms are dark and worn. ", "The equipment looks very old. "),
        ("The new counter area looks good. ", "Modern equipment, tidy rooms. "),
    ),
    "reliability": (
        ("Promises were not kept. ", "It was not done right the first time. "),
        ("They kept their word. ", "Everything was right the first time. "),
    ),
    "responsiveness": (
        ("It all takes far too long. ", "Nobody gets back to you. "),
        ("It went really fast. ", "They reacted the same day. "),
    ),
    "assurance": (
        ("I am not sure I can trust what I was told. ", "Staff seemed unsure themselves. "),
        ("Staff know what they are doing. ", "I felt in good hands. "),
    ),
    "empathy": (
        ("I felt like a number. ", "Nobody cared about my situation. "),
        ("They took time for me. ", "They understood what I needed. "),
    ),
}
"""What weighed most, by dimension: bad, then good."""

CLOSERS: Final = (
    ("Please fix this.", "I am thinking about changing supplier.", "Never again like this.", ""),
    ("Let us see next time.", "There is room to improve.", ""),
    ("Keep it up!", "I would recommend it to my neighbours.", "Thanks to the team.", ""),
)
"""Last words by mood."""

PLACE: Final = "{name} branch: "
